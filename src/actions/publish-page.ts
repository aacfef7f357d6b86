import {join} from 'node:path'
import type {Board} from '../incident/board-state.ts'
import type {Draft} from '../incident/events.ts'
import {boardProjection} from '../incident/projections.ts'
import {shellQuote} from '../lib/text.ts'
import {MANIFEST} from '../page/manifest.ts'
import {publishToDirectory} from '../page/targets/directory.ts'
import type {Desk, TargetDefinition} from './desk.ts'
import {changedPage, wholePage} from './page-files.ts'
import {openSeen} from './page-memory.ts'
import {retryDrafts} from './retry-timer.ts'

export interface Published {
  readonly target: TargetDefinition
  readonly revision: number
  readonly digest: string
  /** Null: read back, the page shows this revision or a newer one. */
  readonly failed: {readonly code: string; readonly reason: string} | null
  /** Public facts the target does not show. */
  readonly behind: number
  /** What to type where trying again is no help. */
  readonly hints: readonly string[]
  readonly ms: number
}

/**
 * Makes every target look like the journal now, whatever was missed before (level-triggered: a repeat cannot post
 * twice), reads it back and records the result. A target that fails delays no other and throws nothing.
 * @param isThorough nothing that was remembered is believed: all is built and read
 */
export async function publishPage(desk: Desk, {isThorough = false}: {readonly isThorough?: boolean} = {}): Promise<readonly Published[]> {
  const journal = await desk.journal()
  const board = await journal.fold(boardProjection)
  let page = isThorough ? await wholePage(desk, board) : await changedPage(desk, board)
  const {targets} = await desk.workspace()
  const seen = openSeen(desk, targets, isThorough)
  const published: Published[] = []
  for (const target of targets) {
    const started = desk.clock.ticks()
    const place = {path: target.path, revision: board.page.revision, seen: seen.at(target.path)}
    let result = await publishToDirectory(page.files, place)
    if (!result.published && result.code === 'build.partial') {
      page = await wholePage(desk, board)
      result = await publishToDirectory(page.files, place)
    }
    const shown = board.page.targets[target.id]?.revision ?? 0
    const failed = result.published ? null : {code: result.code, reason: result.reason}
    published.push({
      target,
      digest: result.published ? result.digest : '',
      revision: board.page.revision,
      failed,
      behind: failed ? board.page.revision - shown : 0,
      hints: failed ? remedies(failed.code, target.path) : [],
      ms: Math.round(desk.clock.ticks() - started),
    })
  }
  await journal.append(null, [
    ...published.flatMap(each => outcome(board, each)),
    ...retryDrafts(journal, board, {isBehind: published.some(({failed}) => failed !== null), nowMs: desk.clock.now()}),
  ])
  desk.notice(await journal.fold(boardProjection))
  page.save()
  seen.save()
  return published
}

/** One line per target that is behind, for the person; what is still true comes first. */
export function undeliveredLines(published: readonly Published[]): readonly string[] {
  return published.flatMap(({target, failed, behind, hints}) => {
    if (!failed) return []
    const late = `Recorded. The page at ${target.path} is ${behind} ${behind === 1 ? 'fact' : 'facts'} behind (${failed.reason})`
    return hints.length > 0 ? [late, ...hints.map(hint => `  ${hint}`)] : [`${late}; \`scram outbox retry\` sends them.`]
  })
}

/** Two journals publish to one place: trying again is no help, and which of them is right is for a person to say. */
export function remedies(code: string, path: string): readonly string[] {
  if (code !== 'target.diverged') return []
  const manifest = shellQuote(join(path, MANIFEST))
  return [
    'scram timeline import RECORD    # what the other machine gave by scram timeline export; then scram outbox retry',
    `mv ${manifest} ${manifest}.other    # or: this record alone takes the page over with the next scram outbox retry`,
  ]
}

/** The same failure again is no news and adds no event. */
function outcome(board: Board, {target, revision, digest, failed, ms}: Published): readonly Draft[] {
  const known = board.page.targets[target.id]
  if (!failed) return known?.revision === revision && !known.failed ? [] : [{kind: 'page.published', data: {target: target.id, revision, digest, ms}}]
  if (known?.failed?.code === failed.code && known.failed.reason === failed.reason) return []
  return [{kind: 'page.failed', data: {target: target.id, revision, ...failed}}]
}
