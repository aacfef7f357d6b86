import {iso} from '../lib/clock.ts'
import type {Second} from './per-second.ts'
import type {PlatformStats} from './platform.ts'

/** What the router's users met. Shares are 0…1; spans are whole seconds, the grain at which load counts. */
export interface ImpactFigures {
  readonly requests: number
  readonly ok: number
  readonly share: number | null
  /** The same before the break; all of it when nothing broke. */
  readonly shareBefore: number | null
  /** Share of 200s in each second since the load began; null where nothing was asked. */
  readonly perSecond: readonly (number | null)[]
  /** The longest stretch in which nobody got a 200. */
  readonly completeOutage: {readonly from: string; readonly to: string; readonly seconds: number} | null
  /** Seconds in which some got a 200 and some did not. */
  readonly degradedSeconds: number
  readonly brokenAt: string | null
  readonly patchedAt: string | null
  readonly liveAt: string | null
  /** From patch to live; null while it has not come back. */
  readonly patchToLiveMs: number | null
  readonly crashes: number
  readonly boots: number
}

export function impactFigures({load, router}: PlatformStats): ImpactFigures {
  const startMs = Date.parse(load.startedAt)
  const perSecond = load.seconds.map(share)
  const {brokenAt, patchedAt, liveAt, crashes, boots} = router
  const brokenSecond = brokenAt === null ? load.seconds.length : Math.floor((Date.parse(brokenAt) - startMs) / 1000)
  const all = total(load.seconds)
  const run = longestZero(perSecond)
  const at = (second: number) => iso(startMs + second * 1000)
  return {
    requests: all.ok + all.failed,
    ok: all.ok,
    share: rounded(all),
    shareBefore: rounded(total(load.seconds.slice(0, Math.max(brokenSecond, 0)))),
    perSecond,
    completeOutage: run === null ? null : {from: at(run.from), to: at(run.from + run.seconds), seconds: run.seconds},
    degradedSeconds: perSecond.filter(value => value !== null && value > 0 && value < 1).length,
    brokenAt,
    patchedAt,
    liveAt,
    patchToLiveMs: patchedAt === null || liveAt === null ? null : Math.max(Date.parse(liveAt) - Date.parse(patchedAt), 0),
    crashes,
    boots,
  }
}

function total(seconds: readonly Second[]): {ok: number; failed: number} {
  let [ok, failed] = [0, 0]
  for (const second of seconds) {
    ok += second.routerOk
    failed += second.routerFailed
  }
  return {ok, failed}
}

const share = ({routerOk, routerFailed}: Second) => rounded({ok: routerOk, failed: routerFailed})

function rounded({ok, failed}: {ok: number; failed: number}): number | null {
  return ok + failed === 0 ? null : Math.round((ok / (ok + failed)) * 10_000) / 10_000
}

function longestZero(shares: readonly (number | null)[]): {from: number; seconds: number} | null {
  let best: {from: number; seconds: number} | null = null
  let from: number | null = null
  for (const [second, value] of [...shares, 1].entries()) {
    if (value === 0) from ??= second
    else if (from !== null) {
      if (second - from > (best?.seconds ?? 0)) best = {from, seconds: second - from}
      from = null
    }
  }
  return best
}
