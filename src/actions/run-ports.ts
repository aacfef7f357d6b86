import {type Board, maybeIn} from '../incident/board-state.ts'
import {decide} from '../incident/decide.ts'
import type {Draft, Recorded} from '../incident/events.ts'
import {boardProjection, incidentProjection} from '../incident/projections.ts'
import type {IncidentState} from '../incident/state.ts'
import type {Journal, Lease} from '../journal/journal.ts'
import {iso} from '../lib/clock.ts'
import {defined} from '../lib/defined.ts'
import {Fault, isAbort} from '../lib/fault.ts'
import {instanceOf} from '../runbook/identity.ts'
import type {ActionCall, CommandCall, Facts, Frame, RecordedStep, RunNews, RunPorts} from '../runbook/ports.ts'
import {askPerson} from './ask-about-step.ts'
import type {Desk} from './desk.ts'
import {followPage} from './follow-page.ts'
import {endOutlived, findOutlived} from './outlived.ts'
import {performAction, verifyAction} from './perform-action.ts'
import {promptPromise} from './prompt-promise.ts'
import {intentionOf} from './propose-action.ts'
import {surroundingsOf} from './record-intention.ts'
import {runStepCommand} from './run-step-command.ts'
import {actionTable} from './table.ts'

export interface RunPortsOptions {
  readonly run: string
  /** Made at the start of the run: every event of the run carries it, also before the incident is opened. */
  readonly incident: string
  readonly lease: Lease
  /** Ends a question of the promise clock, and one about the record. */
  readonly stop: AbortSignal
  tell(news: RunNews): void
}

/** What the runbook engine is handed: this desk's record, actions, person and clock, under the run's lease. */
export function runPorts(desk: Desk, {run, incident, lease, tell, stop}: RunPortsOptions): RunPorts {
  const inside = deskInside(desk, incident)
  const {ask} = desk
  // Here and not where signals come in: a terminal that only reads along hears them, too, and finishes and parks nothing.
  stop.addEventListener('abort', () => desk.narrate('finishing this step, then the run is parked; Ctrl-C again ends the step'), {once: true})
  const goOn = onTrouble(desk, stop)
  const append = async (drafts: readonly Draft[]) => {
    const journal = await desk.journal()
    const events = await journal.append(incident, drafts, {fence: lease})
    await goOn(journal, async () => {
      const settled = notBegun(drafts)
      if (settled.length > 0) await journal.append(incident, settled, {fence: lease})
    })
    return events
  }
  return {
    clock: desk.clock,
    actions: actionTable,
    perform: (call, signal) => performAction(inside, call, signal),
    verify: (call, signal) => verifyAction(inside, call, signal),
    record: async (call, frame) => {
      const recorded = await recordStep(inside, incident, lease, call, frame)
      await goOn(await desk.journal())
      return recorded
    },
    follow: async () => followPage(desk, await (await desk.journal()).fold(boardProjection)),
    runCommand: (call, signal) => runStepCommand(inside, incident, call, {hear: said => tell(saidBy(desk, call, said)), signal}),
    outlived: attempt => findOutlived(desk, attempt),
    endOutlived: attempt => endOutlived(desk, attempt),
    append,
    state: () => factsNow(desk, incident),
    ask: ask === null ? null : askPerson(ask, desk.narrate),
    events: async () => runEvents(desk, run),
    changed: signal => changed(desk, signal),
    between: ask === null ? async () => true : promptPromise({...desk, choice: inside.choice}, incident, ask, stop),
    tell,
  }
}

function saidBy({clock}: Desk, {run, instance}: CommandCall, detail: string): RunNews {
  return {event: 'step.said', at: iso(clock.now()), run, step: instanceOf(instance).instance, detail}
}

/** How soon another terminal's answer is noticed. */
const LOOK_MS = 250

/** Resolves when anybody appended. @throws the signal's reason */
export async function changed(desk: Desk, signal: AbortSignal): Promise<void> {
  const journal = await desk.journal()
  const before = await journal.version()
  do await desk.clock.sleep(LOOK_MS, signal)
  while ((await journal.version()) === before)
}

export async function runEvents(desk: Desk, run: string): Promise<readonly Recorded[]> {
  return (await (await desk.journal()).events({run})).filter((event): event is Recorded => !('opaque' in event))
}

/**
 * A disk that fails does not lose what was done: it is in the emergency log. Going on from there is a person's decision,
 * asked once; Ctrl-C is a no. @throws Fault journal.unwritable: nobody to ask, or no
 */
function onTrouble(desk: Desk, stop: AbortSignal): (journal: Journal, refused?: () => Promise<unknown>) => Promise<void> {
  let accepted: Promise<boolean> | null = null
  return async (journal, refused) => {
    const trouble = journal.trouble().find(({code}) => code === 'emergency')
    if (!trouble) return
    const question = `the record cannot be written (${trouble.message}); what was done is in the emergency log. Go on with the run?`
    accepted ??= confirmed(desk, question, stop)
    if (await accepted) return
    await refused?.()
    throw new Fault('journal.unwritable', `the run stops here: ${trouble.message}`, {hints: ['scram doctor --recover', 'scram resume']})
  }
}

async function confirmed({ask}: Desk, question: string, stop: AbortSignal): Promise<boolean> {
  try {
    return ask !== null && (await ask.confirm(question, stop))
  } catch (error) {
    if (isAbort(error) || stop.aborted) return false
    throw error
  }
}

/** The outcome in flight may have been appended together with the next intent: what was not begun is known, not unknown. */
function notBegun(drafts: readonly Draft[]): readonly Draft[] {
  return drafts.flatMap((draft): readonly Draft[] => {
    if (draft.kind !== 'step.started' || (draft.data.kind !== 'run' && draft.data.kind !== 'uses')) return []
    const {run, step} = draft.data
    return [{kind: 'step.settled', data: {run, step, by: 'safe', as: 'rerun', evidence: 'the record could not be written: it was not begun'}}]
  })
}

/** Actions of a run mean its incident, once that is open. */
function deskInside(desk: Desk, incident: string): Desk {
  return {...desk, actor: {...desk.actor, kind: 'run'}, choice: {...desk.choice, named: incident}}
}

/** Effect `record`: decided, framed and appended in one transaction, so that the step is never unknown. */
async function recordStep(desk: Desk, incident: string, lease: Lease, call: ActionCall, frame: Frame): Promise<RecordedStep> {
  const id = actionTable.get(call.uses)?.id ?? call.uses
  try {
    const journal = await desk.journal()
    const intention = await intentionOf(desk, id, call.with)
    const surroundings = await surroundingsOf(desk, intention)
    let wasOpen = false
    const events = await journal.decide(
      incident,
      [incidentProjection(incident), boardProjection],
      (state, board) => {
        if (intention.intend === 'open' && state.phase !== 'none') {
          wasOpen = true
          return []
        }
        const decision = decide({incident: intention.intend === 'open' ? null : state, board, now: desk.clock.now(), ...surroundings}, intention)
        if (decision.refused) throw new Fault(decision.code, decision.message, {hints: decision.hints})
        return [...frame.before, ...decision.events, ...frame.after(recordedOutputs(incident, decision.events))]
      },
      {fence: lease},
    )
    return wasOpen ? {end: 'skipped', reason: 'already-open'} : {end: 'recorded', events}
  } catch (error) {
    if (!(error instanceof Fault) || error.code === 'lease.lost') throw error
    return {end: 'failed', code: error.code, message: error.message, retryable: error.code === 'journal.busy'}
  }
}

export function recordedOutputs(incident: string, events: readonly Draft[]): Record<string, string | number> {
  const opened = events.some(({kind}) => kind === 'incident.opened')
  const update = events.find((event): event is Extract<Draft, {kind: 'update.posted'}> => event.kind === 'update.posted')
  return {...(opened && {incident}), ...(update && !opened && {number: update.data.number})}
}

/** What expressions may look at, as recorded now. */
export async function factsNow(desk: Desk, incident: string): Promise<Facts> {
  const journal = await desk.journal()
  return factsOf(await journal.fold(incidentProjection(incident)), await journal.fold(boardProjection))
}

export function factsOf(state: IncidentState, board: Board): Facts {
  const held = Object.values(board.rods).filter(maybeIn)
  const components = Object.fromEntries(Object.entries(state.components).map(([id, changes]) => [id, changes.at(-1)?.status ?? 'operational']))
  const {id, title, severity, updates, roles, opened} = state
  return {
    incident:
      state.phase === 'none' || !opened
        ? null
        : {id, title, severity, public: updates.length > 0, opened: opened.at, components, ...defined({status: updates.at(-1)?.status, lead: roles.ic})},
    rods: {inserted: held.length, position: Object.fromEntries(Object.values(board.rods).map(rod => [rod.rod, rod.verified])), in: held.map(({rod}) => rod)},
  }
}
