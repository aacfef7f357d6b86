import {realpath} from 'node:fs/promises'
import {sha256Hex} from '../lib/sha256.ts'
import type {Desk} from './desk.ts'

/**
 * Which page, components and rods are meant, without telling anybody's folders: a scheduled update goes out by a process of
 * the same workspace, or it would appear on another page; a run is resumed in its own. The same over a symlink.
 * @throws Fault config.invalid · workspace.foreign
 */
export async function workspaceMark(desk: Desk): Promise<string> {
  const {folder} = await desk.workspace()
  return folder === null ? 'none' : sha256Hex(await realpath(folder).catch(() => folder)).slice(0, 16)
}
