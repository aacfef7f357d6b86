import {statSync} from 'node:fs'
import {formatDuration} from '../lib/durations.ts'
import {Fault} from '../lib/fault.ts'
import {lookThrough, readAll} from '../rods/observe.ts'
import type {Rod} from '../rods/rod.ts'
import {reachesOf, reachText, trespasses} from '../rods/runs-without.ts'
import type {Desk} from './desk.ts'
import type {SetupCheck} from './setup-check.ts'

/** What looking at a rod found. `isUnreachable`: neither its control side nor its probe told where it stands. */
export interface CheckedRod {
  readonly checks: readonly SetupCheck[]
  readonly isUnreachable: boolean
  readonly fault: Fault | null
}

/**
 * Opens a rod and asks everything that a move would ask: options, secrets, every target, every probe, what it depends on.
 * Moves nothing and records nothing. Problems are findings; only an abort and a bug are thrown.
 */
export async function checkRod(desk: Desk, id: string, signal: AbortSignal): Promise<CheckedRod> {
  const what = `rod ${id}`
  try {
    const rod = await (await desk.rods()).get(id)
    const reaches = await reachesOf(rod)
    const {systems = {}} = await desk.workspace()
    const opened: SetupCheck = {what, verdict: 'ok', found: `opens; touches ${reaches.map(reachText).join(', ') || 'nothing outside'}`, hints: []}
    const foreign = trespasses(reaches, rod.runsWithout, systems).map(
      ({system, reach}): SetupCheck => ({what, verdict: 'fail', found: `it runs without ${system}, it says, and touches ${reachText(reach)} of it`, hints: []}),
    )
    const {checks, isUnreachable} = await lookAtRod(desk, rod, signal)
    return {checks: [opened, ...foreign, ...secretChecks(rod), ...checks], isUnreachable, fault: null}
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return {checks: [{what, verdict: 'fail', found: error.message, hints: error.hints}], isUnreachable: false, fault: error}
  }
}

async function lookAtRod(desk: Desk, rod: Rod, signal: AbortSignal): Promise<Pick<CheckedRod, 'checks' | 'isUnreachable'>> {
  const [driver, probes] = await Promise.all([rod.driver(), rod.probes()])
  const {guarded} = await rod.withdrawal()
  const gauges = guarded
    ? [{role: 'guard', gauge: guarded.guard.gauge}, ...(guarded.release ? [{role: 'release_when', gauge: guarded.release.gauge}] : [])]
    : []
  const [readings, looks, guards, advice] = await Promise.all([
    readAll(driver, signal, desk.clock),
    Promise.all(probes.map(async probe => ({name: probe.name, look: await lookThrough([probe], signal)}))),
    Promise.all(gauges.map(async ({role, gauge}) => ({role, ...(await gauge.read(signal))}))),
    Promise.all(driver.targets.map(async target => (await driver.advise?.({target, signal})) ?? [])),
  ])
  const what = `rod ${rod.id}`
  const control = readings.map(({target, position, evidence}): SetupCheck => {
    const name = target === '' ? 'control side' : `target ${target}`
    return {what, verdict: position === 'unknown' ? 'warn' : 'ok', found: `${name} reads ${position} (${evidence})`, hints: []}
  })
  const users = looks.map(({name, look}): SetupCheck => {
    const seen = look.position === 'unknown' ? `cannot tell: ${look.evidence}` : `sees ${look.position} (${look.evidence})`
    return {what, verdict: look.position === 'unknown' ? 'fail' : 'ok', found: `${name} ${seen}`, hints: []}
  })
  // A guard that never answers never lets the rod out: that is found out here, not with the rod in.
  const guardians = guards.map(
    ({role, value, evidence}): SetupCheck => ({
      what,
      verdict: value === undefined ? 'fail' : 'ok',
      found: `${role} ${value === undefined ? 'has no usable answer' : 'answers'} (${evidence})`,
      hints: [],
    }),
  )
  const none: readonly SetupCheck[] =
    probes.length > 0 ? [] : [{what, verdict: 'warn', found: `no probe (${rod.noProbeBecause ?? 'no reason given'}): never better than unverified`, hints: []}]
  const advised = advice.flat().map((found): SetupCheck => ({what, verdict: 'warn', found, hints: []}))
  const isUnreachable = readings.every(({position}) => position === 'unknown') && looks.every(({look}) => look.position === 'unknown')
  return {checks: [...control, ...users, ...guardians, ...none, ...advised], isUnreachable}
}

/** That a secret is there, and how old its file is; what it is, never. */
function secretChecks(rod: Rod): readonly SetupCheck[] {
  return rod.secrets().map(reference => {
    const file = reference.startsWith('file:') ? reference.slice('file:'.length) : null
    const age = file === null ? '' : `, ${formatDuration(Math.floor((Date.now() - statSync(file).mtimeMs) / 60_000) * 60_000)} old`
    return {what: `rod ${rod.id}`, verdict: 'ok', found: `secret ${reference} is there${age}`, hints: []}
  })
}
