import {maybeIn} from '../incident/board-state.ts'
import {boardProjection} from '../incident/projections.ts'
import {othersIn} from '../incident/rods-of.ts'
import {childEnv, runChild} from '../lib/child.ts'
import {Fault} from '../lib/fault.ts'
import {textOf} from '../lib/text-of.ts'
import {observe} from '../rods/observe.ts'
import type {CheckPorts} from '../runbook/check.ts'
import type {CommandCall, JsonMap, Performed, Ran} from '../runbook/ports.ts'
import type {Desk} from './desk.ts'
import {HttpGlances} from './glance-http.ts'
import {meantIncident} from './meant-incident.ts'
import {performAction} from './perform-action.ts'
import {planAction} from './plan-action.ts'
import {type PlannedWorld, plannedWorld} from './planned-world.ts'
import {factsOf} from './run-ports.ts'
import {secretsOf} from './run-step-command.ts'
import {actionTable} from './table.ts'

/** What a check is handed: this desk's record and rods, folded forward in memory. Nothing of it appends, sends or keeps. */
export async function checkPorts(desk: Desk, signal: AbortSignal): Promise<CheckPorts> {
  const journal = await desk.journal()
  const board = await journal.fold(boardProjection)
  const incident = (await meantIncident(desk, journal, board, 'maybe')) ?? desk.ids.incident(desk.clock.now())
  const world = await plannedWorld(desk, incident)
  const looking: Looking = {world, glances: new HttpGlances()}
  return {
    clock: desk.clock,
    actions: actionTable,
    by: desk.actor.name,
    look: (call, inner) => look(desk, looking, call, inner),
    plan: (call, isWhole) => planAction(desk, world, call, isWhole, signal),
    tryCommand: (call, inner) => tryCommand(desk, call, inner),
    facts: async () => factsOf(world.state(), world.board()),
    mask: desk.redact,
  }
}

interface Looking {
  readonly world: PlannedWorld
  readonly glances: HttpGlances
}

/** As a run looks, but for what a run would write down (`rod/verify`) and for rods, which stand as planned. */
async function look(
  desk: Desk,
  {world, glances}: Looking,
  {uses, with: given}: {readonly uses: string; readonly with: JsonMap},
  signal: AbortSignal,
): Promise<Performed> {
  const id = actionTable.get(uses)?.id ?? uses
  if (id === 'rod/list')
    return {
      end: 'finished',
      outputs: {
        inserted: Object.values(world.board().rods)
          .filter(maybeIn)
          .map(({rod}) => rod),
      },
    }
  if (id === 'rod/verify') return lookAtRod(desk, world, textOf(given['rod']), signal)
  if (id === 'probe/http') return glances.look(given, signal)
  return performAction(desk, {run: '', instance: '', attempt: 1, key: '', deadline: null, uses: id, with: given}, signal)
}

async function lookAtRod(desk: Desk, world: PlannedWorld, id: string, signal: AbortSignal): Promise<Performed> {
  try {
    const rod = await (await desk.rods()).get(id)
    const planned = world.board().rods[rod.id]
    if (planned && world.moved.has(rod.id)) return {end: 'finished', outputs: {position: planned.verified, verified: true, ms: 0}}
    const {look: seen} = await observe(rod, signal, desk.clock, othersIn(world.board(), rod.id))
    if (!seen || seen.position === 'unknown') return {end: 'unknown', reason: seen?.evidence ?? 'it has no probe'}
    return {end: 'finished', outputs: {position: seen.position, verified: true, ms: 0}}
  } catch (error) {
    if (!(error instanceof Fault) || error.code === 'interrupted') throw error
    return {end: 'failed', code: error.code, message: error.message, retryable: false}
  }
}

/** A step's `check`, with its environment; what it prints is not kept. */
async function tryCommand(desk: Desk, {argv, env, secrets}: Pick<CommandCall, 'argv' | 'env' | 'secrets'>, signal: AbortSignal): Promise<Ran> {
  const [program = '', ...args] = argv
  const {folder} = await desk.workspace()
  const resolved = await secretsOf(desk, secrets)
  if (resolved instanceof Fault) return {end: 'failed', code: resolved.code, message: resolved.message, retryable: false}
  const own = {...(desk.home !== null && {SCRAM_HOME: desk.home}), ...(folder !== null && {SCRAM_WORKSPACE: folder})}
  const end = await runChild(
    {argv: [program, ...args], cwd: folder ?? process.cwd(), env: childEnv({...own, ...env, ...resolved}), timeoutMs: 30_000, maxBytes: 16_384},
    signal,
  )
  signal.throwIfAborted()
  if (end.notStarted !== null)
    return {end: 'failed', code: 'exec.not-started', message: `${program} could not be started (${end.notStarted})`, retryable: false}
  if (end.exitCode === null) return {end: 'unknown', reason: end.timedOut ? 'it took too long' : `it was ended by ${end.signal}`}
  return {end: 'exited', exitCode: end.exitCode, stdout: desk.redact(end.stdout).trim()}
}
