import type {Board} from '../incident/board-state.ts'
import {incidentProjection} from '../incident/projections.ts'
import {iso} from '../lib/clock.ts'
import {Fault} from '../lib/fault.ts'
import {buildPage} from '../page/build.ts'
import {digestsOf, MANIFEST} from '../page/manifest.ts'
import {contextOf, type Memo} from '../page/memo.ts'
import {pageModel} from '../page/model.ts'
import {isUnchanged, recall} from '../page/recall.ts'
import {isSettled, isShared, remember} from '../page/remember.ts'
import type {Desk, Workspace} from './desk.ts'
import {loadMemo, makerOf, saveMemo} from './page-memory.ts'

export interface PageFiles {
  /** Path → content. The manifest names those that are not in here, too: they are as they were. */
  readonly files: ReadonlyMap<string, string>
  /** Leaves for the next build what it need not find out again. */
  save(): void
}

/** The whole page as files, built from the record alone. Pure but for reading the journal. */
export async function wholePage(desk: Desk, board: Board): Promise<PageFiles> {
  const journal = await desk.journal()
  const workspace = await desk.workspace()
  const {mark} = await journal.arrivals(null) // before the states: these then hold at least as much
  const ids = (await journal.incidents()).map(({id}) => id)
  const states = await journal.foldAll(ids.map(incidentProjection))
  const model = pageModel({...surroundings(desk, board, workspace), incidents: states})
  const files = buildPage(model)
  const context = contextFor(desk, workspace)
  const save = () => {
    if (context !== null && mark !== null) saveMemo(desk, remembered({context, mark, workspace, model, states, files, same: []}))
  }
  return {files, save}
}

/** So many records are as quickly looked through as a memo is written. */
const MANY_RECORDS = 256

/**
 * The page as it is now, without what is known to be as it was: that is not folded, described or rendered. Byte for byte
 * the page that `wholePage` builds; where that is in any doubt, it is that one.
 */
export async function changedPage(desk: Desk, board: Board): Promise<PageFiles> {
  const workspace = await desk.workspace()
  const context = contextFor(desk, workspace)
  const memo = context === null ? null : loadMemo(desk, context)
  return (memo && (await fromMemo(desk, board, workspace, memo).catch(onlyFaults))) ?? wholePage(desk, board)
}

/** A mistake in remembering must not keep a page from being published. */
function onlyFaults(error: unknown): null {
  if (error instanceof Fault) throw error
  return null
}

async function fromMemo(desk: Desk, board: Board, workspace: Workspace, memo: Memo): Promise<PageFiles | null> {
  const journal = await desk.journal()
  const {mark, incidents: changed, records} = await journal.arrivals(memo.mark)
  if (mark === null || changed === null) return null
  const folded = await journal.foldAll([...new Set([...memo.live, ...changed])].map(incidentProjection))
  const fresh = folded.filter(({opened}) => opened !== null) // as the journal lists incidents
  const given = surroundings(desk, board, workspace)
  const recalled = recall(memo, fresh, {day: given.day, hasComponents: workspace.components.length > 0})
  if (!recalled) return null
  const again = await journal.foldAll(recalled.again.map(({fact}) => incidentProjection(fact.id)))
  if (!isUnchanged(recalled, again)) return null
  const model = pageModel({...given, incidents: [...fresh, ...again], past: recalled.rest})
  const files = buildPage(model, recalled.kept)
  const digests = digestsOf(files.get(MANIFEST) ?? '')
  if ([...recalled.proofs].some(([path, {sha256}]) => digests[path]?.sha256 !== sha256)) return null
  const same = [...recalled.again, ...recalled.rest]
  const live = fresh.filter(state => isShared(state) && !isSettled(state)).length
  const isNews = records > MANY_RECORDS || same.length < memo.past.length || live !== memo.live.length || fresh.some(isSettled)
  const save = () => {
    if (isNews) saveMemo(desk, remembered({context: memo.context, mark, workspace, model, states: fresh, files, same}))
  }
  return {files, save}
}

function remembered({
  workspace,
  files,
  ...built
}: Pick<Parameters<typeof remember>[0], 'context' | 'mark' | 'model' | 'states' | 'same'> & {
  readonly workspace: Workspace
  readonly files: ReadonlyMap<string, string>
}): Memo {
  return remember({...built, hasComponents: workspace.components.length > 0, files: digestsOf(files.get(MANIFEST) ?? '')})
}

function contextFor(desk: Desk, {page, groups, components}: Workspace): string | null {
  const maker = makerOf(desk)
  return maker === null ? null : contextOf(maker, {page, groups, components})
}

function surroundings(desk: Desk, board: Board, {page, groups, components}: Workspace) {
  const {revision, heads, head} = board.page
  const stopped = Object.keys(board.stopped).length > 0
  return {page, groups, components, revision, heads, head, day: iso(desk.clock.now()).slice(0, 10), stopped}
}
