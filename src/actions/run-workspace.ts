import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import type {EventData, Recorded} from '../incident/events.ts'
import {Fault} from '../lib/fault.ts'
import {shortId} from '../lib/ids.ts'
import {sha256Hex} from '../lib/sha256.ts'
import type {Desk} from './desk.ts'
import {workspaceMark} from './workspace-mark.ts'

/** Where a run begins: which folder, by its mark, and what its scram.yaml says. */
export async function workspaceOfRun(desk: Desk): Promise<Pick<EventData['run.started'], 'workspace' | 'workspaceSha256'>> {
  const {folder} = await desk.workspace()
  const workspaceSha256 = await digestOf(folder)
  return {workspace: await workspaceMark(desk), ...(workspaceSha256 !== undefined && {workspaceSha256})}
}

/**
 * A run is parked in one folder and resumed by a command that is pasted in any: `./deploy` and the rods of another workspace
 * are other ones. Asked of a person, refused where there is none; that scram.yaml was edited is only said.
 * @throws Fault guard.refused
 */
export async function keepWorkspace(desk: Desk, run: string, events: readonly Recorded[], stop: AbortSignal): Promise<void> {
  const begun = startOf(events)
  if (await isElsewhere(desk, begun)) {
    const {folder} = await desk.workspace()
    const question = `run ${shortId(run)} was begun in another workspace. Go on with the commands and rods of ${folder ?? 'no workspace at all'}?`
    if (desk.ask === null || !(await desk.ask.confirm(question, stop))) throw elsewhere(run, begun)
    return
  }
  const before = begun?.workspaceSha256
  if (before !== undefined && before !== (await digestOf((await desk.workspace()).folder)))
    desk.narrate('scram.yaml is not what it was when this run began: its rods and targets are those of now')
}

/** For an answer that makes whoever gives it the driver: refused before it is recorded. @throws Fault guard.refused */
export async function refuseElsewhere(desk: Desk, run: string, events: readonly Recorded[]): Promise<void> {
  const begun = startOf(events)
  if (desk.ask === null && (await isElsewhere(desk, begun))) throw elsewhere(run, begun)
}

function startOf(events: readonly Recorded[]): EventData['run.started'] | undefined {
  return events.find(event => event.kind === 'run.started')?.data
}

/** Runs of an older scram did not say where they began. */
async function isElsewhere(desk: Desk, begun: EventData['run.started'] | undefined): Promise<boolean> {
  return begun?.workspace !== undefined && begun.workspace !== (await workspaceMark(desk))
}

function elsewhere(run: string, begun: EventData['run.started'] | undefined): Fault {
  return new Fault('guard.refused', `run ${shortId(run)} was begun in another workspace than this one, whose commands and rods are others`, {
    hints: [`scram resume ${shortId(run)} --workspace DIR    # the folder where ${begun?.path ?? 'its runbook'} lies`],
  })
}

async function digestOf(folder: string | null): Promise<string | undefined> {
  if (folder === null) return undefined
  try {
    return sha256Hex(await readFile(join(folder, 'scram.yaml')))
  } catch {
    return undefined // gone or not readable: whoever needs it says so
  }
}
