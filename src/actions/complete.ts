import {relative} from 'node:path'
import {boardProjection} from '../incident/projections.ts'
import type {Desk} from './desk.ts'

/** What TAB offers for a kind of id. Total: a broken workspace or journal offers nothing, and says nothing. */
export async function completions(desk: Desk, what: string): Promise<readonly string[]> {
  try {
    return await idsOf(desk, what)
  } catch {
    return []
  }
}

async function idsOf(desk: Desk, what: string): Promise<readonly string[]> {
  switch (what) {
    case 'incident': {
      const {open, recent} = await (await desk.journal()).fold(boardProjection)
      return [...Object.keys(open), ...recent.map(({id}) => id)]
    }
    case 'run':
      return Object.keys((await (await desk.journal()).fold(boardProjection)).runs)
    case 'rod':
      return (await desk.rods()).ids()
    case 'bank':
      return ((await desk.workspace()).banks ?? []).map(({id}) => id)
    case 'component':
      return (await desk.workspace()).components.map(({id}) => id)
    case 'runbook':
      return runbooks(desk)
    default:
      return []
  }
}

/** By file name, unopened: TAB must not wait for YAML. A runbook's id is its file's name unless lint complained. */
async function runbooks(desk: Desk): Promise<readonly string[]> {
  const {folder} = await desk.workspace()
  if (folder === null) return []
  const {findRunbooks} = await import('../runbook/find-runbooks.ts')
  return (await findRunbooks(folder)).map(file =>
    relative(folder, file)
      .replace(/^runbooks\//, '')
      .replace(/\.yaml$/, ''),
  )
}
