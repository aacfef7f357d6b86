import {resolve} from 'node:path'
import {boardProjection} from '../incident/projections.ts'
import {Fault} from '../lib/fault.ts'
import {publishToDirectory} from '../page/targets/directory.ts'
import type {Desk} from './desk.ts'
import {wholePage} from './page-files.ts'
import {remedies} from './publish-page.ts'

export interface BuiltPage {
  /** Null: only asked for the names. */
  readonly folder: string | null
  readonly revision: number
  readonly paths: readonly string[]
  readonly written: boolean
}

/** The page in a folder of the person's choice: no target is touched, nothing is recorded. @throws Fault output.failed */
export async function buildPageInto(desk: Desk, out: string | null, isDry: boolean): Promise<BuiltPage> {
  const board = await (await desk.journal()).fold(boardProjection)
  desk.notice(board)
  const {revision} = board.page
  const {files} = await wholePage(desk, board)
  const folder = out === null ? null : resolve(out)
  if (folder !== null && !isDry) {
    const result = await publishToDirectory(files, {path: folder, revision})
    if (!result.published)
      throw new Fault('output.failed', `the page could not be written to ${folder}: ${result.reason}`, {hints: remedies(result.code, folder)})
  }
  return {folder, revision, paths: [...files.keys()].sort(), written: folder !== null && !isDry}
}
