import {sha256Hex} from '../lib/sha256.ts'
import type {Desk} from './desk.ts'

/**
 * Which page and components a text was written for, without telling anybody's folders: a scheduled update goes out by a
 * process of the same workspace, or it would appear on another page.
 * @throws Fault config.invalid · workspace.foreign
 */
export async function workspaceMark(desk: Desk): Promise<string> {
  const {folder} = await desk.workspace()
  return folder === null ? 'none' : sha256Hex(folder).slice(0, 16)
}
