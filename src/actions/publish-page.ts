import {join} from 'node:path'
import type {Board} from '../incident/board-state.ts'
import type {Draft} from '../incident/events.ts'
import {boardProjection, incidentProjection} from '../incident/projections.ts'
import {iso} from '../lib/clock.ts'
import {shellQuote} from '../lib/text.ts'
import {buildPage} from '../page/build.ts'
import {MANIFEST} from '../page/manifest.ts'
import {pageModel} from '../page/model.ts'
import {publishToDirectory} from '../page/targets/directory.ts'
import type {Desk, TargetDefinition} from './desk.ts'
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
 */
export async function publishPage(desk: Desk): Promise<readonly Published[]> {
  const journal = await desk.journal()
  const board = await journal.fold(boardProjection)
  const files = await pageFiles(desk, board)
  const {targets} = await desk.workspace()
  const published: Published[] = []
  for (const target of targets) {
    const started = desk.clock.ticks()
    const result = await publishToDirectory(files, {path: target.path, revision: board.page.revision})
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
  return published
}

/** The page as files, built from the record: path → content. Pure but for reading the journal. */
export async function pageFiles(desk: Desk, board: Board): Promise<ReturnType<typeof buildPage>> {
  const journal = await desk.journal()
  const {page, groups, components} = await desk.workspace()
  const ids = (await journal.incidents()).map(({id}) => id)
  const incidents = await journal.foldAll(ids.map(incidentProjection))
  const day = iso(desk.clock.now()).slice(0, 10)
  const {revision, heads, head} = board.page
  const stopped = Object.keys(board.stopped).length > 0
  return buildPage(pageModel({page, groups, components, incidents, revision, heads, head, day, stopped}))
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
