import type {Json} from '../lib/canonical.ts'
import {formatDuration} from '../lib/durations.ts'
import {shortEntry, shortId} from '../lib/ids.ts'
import type {EventData, EventKind, Extent, PromiseStage, Recorded, ScramEvent} from './events.ts'

type Words = {readonly [K in EventKind]: (data: Readonly<EventData[K]>) => string}

/**
 * What happened, in one plain line: for the timeline, `show` and the draft. It holds the recorded words as they are (on
 * one line), so a view makes them safe for where they go; corrections and redactions are applied by `timelineRows`.
 */
export function describeEvent(event: Recorded | ScramEvent): string {
  // The table is indexed by the event's own kind, so data and words belong together; TypeScript cannot pair two unions.
  const words = WORDS[event.kind] as (data: unknown) => string
  return words(event.data).replaceAll(/\s*\n\s*/g, ' ⏎ ')
}

const WORDS: Words = {
  'incident.opened': ({title, severity, private: isPrivate, drill, adopt}) =>
    `opened ${severity}${isPrivate ? ', private' : ''}${drill ? ', a drill' : ''}: ${title}${adopt?.length ? `; adopts ${adopt.join(', ')}` : ''}`,
  'incident.retitled': ({title}) => `retitled: ${title}`,
  'incident.resolved': ({leftIn}) => `resolved${leftInWords(leftIn)}`,
  'incident.reopened': ({why}) => `reopened: ${why}`,
  'incident.closed': ({leftIn}) => `closed${leftInWords(leftIn)}`,
  'incident.merged': ({into, why}) => `merged into ${shortId(into)}${because(why)}`,
  'severity.set': ({severity, from, why}) => `severity ${from ? `${from} → ` : ''}${severity}${because(why)}`,
  'impact.set': ({impact, why}) => `public impact ${impact}${because(why)}`,
  'role.assigned': ({role, to}) => `${roleName(role)} is ${to}`,
  'component.set': ({component, status, extent, why}) => `${component} ${status}${extent ? ` (${extentWords(extent)})` : ''}${because(why)}`,
  'milestone.marked': ({milestone, text}) => `milestone ${milestone}${because(text)}`,
  'measure.stated': ({measure, ms, bound, from}) => `stated: ${measure} ${boundWords(bound)}${formatDuration(ms)}${from ? ` after ${from}` : ''}`,
  'update.posted': ({number, status, body, nextUpdateBy}) => `update ${number}, ${status}: ${body}${nextUpdateBy ? ` (next by ${clock(nextUpdateBy)})` : ''}`,
  'update.amended': ({number, body, nextUpdateBy, why}) =>
    `update ${number} amended${body === undefined ? '' : `: ${body}`}${nextUpdateBy ? ` (next by ${clock(nextUpdateBy)})` : ''}${why ? ` [${why}]` : ''}`,
  'headline.set': ({text}) => `headline: ${text}`,
  'note.added': ({noteKind, text}) => (noteKind === 'note' ? text : `${noteKind}: ${text}`),
  'entry.corrected': ({entry, text, at, why}) =>
    `corrects ${shortEntry(entry)}${at ? `, happened ${at}` : ''}${text === undefined ? '' : `: ${text}`}${why ? ` [${why}]` : ''}`,
  'entry.redacted': ({entry, why}) => `redacts ${shortEntry(entry)}: ${why}`,
  'handoff.offered': ({to, text}) => `command offered to ${to}${because(text)}`,
  'handoff.taken': ({from, to}) => `${to} takes command${from ? ` from ${from}` : ''}`,
  'action.added': ({action, text, owner}) => `action ${action}: ${text}${owner ? ` (${owner})` : ''}`,
  'action.done': ({action, text}) => `action ${action} done${because(text)}`,
  'action.linked': ({action, url}) => `action ${action} is ${url}`,
  'command.ran': ({argv, exitCode, signal, ms}) => `ran ${argv.join(' ')} (${signal ?? `exit ${exitCode}`}, ${lasted(ms)})`,

  'rod.inserting': ({rod, to, why}) => `inserting ${rod}${atPosition(to)}: ${why}`,
  'rod.withdrawing': ({rod, to, why}) => `withdrawing ${rod}${to === 'withdrawn' ? '' : ` to ${to}`}${because(why)}`,
  'rod.inserted': data => `${data.rod} inserted${atPosition(data.to)}${outcomeWords(data)}`,
  'rod.withdrawn': data => `${data.rod} withdrawn${outcomeWords(data)}`,
  'rod.unverified': data => `${data.rod} unverified at ${data.to}${outcomeWords(data)}`,
  'rod.jammed': data => `${data.rod} jammed${outcomeWords(data)}`,
  'rod.held': ({rod, position, guard, reason}) => `${rod} held at ${position}, ${guard}: ${reason}`,
  'rod.drifted': ({rod, expected, seen, by, evidence}) =>
    seen === expected
      ? `${rod} still ${seen}, but ${evidence}`
      : by === 'merge'
        ? `${rod} is taken to be in: ${evidence}`
        : `${rod} drifted: expected ${expected}, seen ${seen} (${evidence})`,
  'rod.extended': ({rod, expiresAt, why}) => `${rod} due out ${clock(expiresAt)}: ${why}`,
  'rod.reminded': ({rod, stage, n}) => `reminder ${n}: ${rod} ${REMINDER[stage]}`,
  'rod.tested': ({rod, mode, result, ms, detail}) => `${rod} tested (${mode}): ${result} in ${lasted(ms)}${because(detail)}`,

  'run.started': ({run, runbook, title, mode}) => `run ${shortId(run)} of ${runbook} started${mode === 'auto' ? ', unattended' : ''}: ${title}`,
  'run.parked': ({run, step, reason, needs}) => `run ${shortId(run)} waits${step ? ` at ${step}` : ''} (${reason}): ${needs}`,
  'run.resumed': ({run, by}) => `run ${shortId(run)} resumed by ${by}`,
  'run.taken': ({run, by, from}) => `run ${shortId(run)} taken by ${by} from ${from}`,
  'run.amended': ({run, sha256}) => `run ${shortId(run)} goes on with an amended runbook (${sha256.slice(0, 12)})`,
  'run.finished': ({run, outcome, rodsIn, why}) =>
    `run ${shortId(run)} ${spaced(outcome)}${rodsIn.length > 0 ? `, still in: ${rodsIn.join(', ')}` : ''}${because(why)}`,
  'step.started': ({step, title}) => `step ${step}: ${title}`,
  'step.finished': ({step, ms, evidence}) => `step ${step} done${ms === 0 ? '' : ` in ${lasted(ms)}`}${because(evidence)}`, // 0: a person did it, and said so later
  'step.failed': ({step, ms, code, message, handled}) => `step ${step} failed after ${lasted(ms)}${handled ? ' (handled)' : ''}: ${message} (${code})`,
  'step.skipped': ({step, reason, why}) => `step ${step} skipped (${reason})${because(why)}`,
  'step.unknown': ({step, reason, detail}) => `step ${step} unknown (${reason})${because(detail)}`,
  'step.settled': ({step, by, as, evidence}) => `step ${step} settled by ${by} as ${as}${because(evidence)}`,
  'decision.recorded': decided,
  'timer.set': ({timer, what, due, update}) =>
    update ? `update ${shortEntry(timer)} scheduled for ${second(due)}: ${update.text}` : `timer for ${what} set to ${clock(due)}`,
  'timer.fired': data => firedWords(data),
  'timer.cancelled': ({timer, reason}) => `timer ${timerName(timer)} cancelled${because(reason)}`,

  'page.published': ({target, revision}) => `page revision ${revision} read back at ${target}`,
  'page.failed': ({target, revision, reason}) => `page revision ${revision} did not reach ${target}: ${reason}`,
  'delivery.queued': ({channel}) => `message to ${channel} queued`,
  'delivery.sent': ({channel}) => `message to ${channel} sent`,
  'delivery.failed': ({channel, reason}) => `message to ${channel} failed: ${reason}`,
  'maintenance.scheduled': ({title, from, to, components}) => `maintenance scheduled ${from} to ${to} (${components.join(', ')}): ${title}`,
  'maintenance.started': ({maintenance}) => `maintenance ${maintenance} started`,
  'maintenance.verifying': ({maintenance}) => `maintenance ${maintenance} verifying`,
  'maintenance.completed': ({maintenance}) => `maintenance ${maintenance} completed`,
  'maintenance.cancelled': ({maintenance, why}) => `maintenance ${maintenance} cancelled${because(why)}`,
  'postmortem.drafted': ({path, unwritten}) => `postmortem drafted in ${path}, ${unwritten.length} ${unwritten.length === 1 ? 'part' : 'parts'} to be written`,
  'postmortem.published': ({path, url}) => `postmortem published${url ? ` at ${url}` : ` from ${path}`}`,
  'stream.stopped': ({stream, epoch, seq, reason, detail}) =>
    `stream ${stream.slice(0, 8)}/${epoch} stopped at ${seq}: ${reason}${detail ? ` (${detail})` : ''}`,
  'stream.resumed': ({stream, epoch, seq}) => `stream ${stream.slice(0, 8)}/${epoch} resumed at ${seq}`,
  'stream.skipped': ({stream, epoch, seq, why}) => `stream ${stream.slice(0, 8)}/${epoch} skips ${seq}: ${why}`,
  'journal.epoch': ({reason, previous, detail}) => `journal begins anew after epoch ${previous} (${reason})${because(detail)}`,
}

const REMINDER = {half: 'is halfway to its expiry', due: 'is due out', overdue: 'is past its expiry'} as const

const PROMISE: Readonly<Record<PromiseStage, string>> = {
  soon: 'is due',
  due: 'is due now',
  overdue: 'is overdue',
  at_most: 'is owed: silent for longer than the runbook allows',
}

function firedWords({timer, what, lateMs, outcome, promise, reason}: EventData['timer.fired']): string {
  const late = lateMs >= 1000 ? `, ${formatDuration(lateMs)} late` : ''
  if (promise) {
    const {update, by, stage} = promise
    const since = stage === 'at_most' ? `since ${clock(by)}` : stage === 'soon' ? `by ${clock(by)}` : `(promised by ${clock(by)})`
    return `reminder: the update after ${update} ${PROMISE[stage]} ${since}`
  }
  if (outcome === 'held') return `update ${timerName(timer)} held${because(reason)}`
  if (outcome === 'posted') return `update ${timerName(timer)} went out as scheduled${late}`
  if (outcome === 'told') return `reminder: ${waitWords(timer, what)} is over${late}`
  return `timer ${timerName(timer)} fired${late}`
}

/** Waits and approvals of a run bear its name and that of their step: `r-4qm7…/patch[a]/push~1/approve`. */
function waitWords(timer: string, what: EventData['timer.fired']['what']): string {
  const [, run, step] = /^(r-[^/]+)\/(.+?)(?:~\d+)?(?:\/approve)?$/.exec(timer) ?? []
  if (run === undefined || step === undefined) return `${what ?? 'timer'} ${timer}`
  return what === 'approve' ? `the time for an approval of ${step} (run ${shortId(run)})` : `the wait at ${step} (run ${shortId(run)})`
}

/** A scheduled update is named like an entry, everything else by its own words. */
function timerName(timer: string): string {
  return /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(timer) ? shortEntry(timer) : timer
}

/** `10–15 % of HTTP traffic`: a range stays a range. */
export function extentWords({metric, min, max}: Extent): string {
  return `${min === max ? min : `${min}–${max}`} % of ${metric}`
}

/** `≤ `, `~` or nothing, before a stated duration. */
export function boundWords(bound: '<=' | '~' | '='): string {
  return bound === '<=' ? '≤ ' : bound === '~' ? '~' : ''
}

export function roleName(role: string): string {
  return role === 'ic' || role === 'sme' ? role.toUpperCase() : role
}

/** `inserted` is what such a rod is, not a place on the way. */
function atPosition(to: string): string {
  return to === 'inserted' ? '' : ` at ${to}`
}

function outcomeWords({to, effective, already, ttl, blind, reason, warning, settles}: EventData['rod.inserted']): string {
  const facts = [
    already && 'already there',
    ttl && 'its target lets go by itself',
    blind && (to === 'withdrawn' ? "out by a person's word" : 'blind'),
    settles && 'asked later',
    warning,
  ].filter(Boolean)
  const seen = reason ?? effective?.evidence
  return `${facts.length > 0 ? ` (${facts.join(', ')})` : ''}${because(seen)}`
}

function leftInWords(leftIn: EventData['incident.resolved']['leftIn']): string {
  return leftIn?.length ? `, left in: ${leftIn.map(({rod, expiresAt, why}) => `${rod} until ${clock(expiresAt)} (${why})`).join(', ')}` : ''
}

function because(why: string | undefined): string {
  return why ? `: ${why}` : ''
}

/** Below a minute a tenth of a second is news, above it is noise. */
function lasted(ms: number): string {
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)}s` : formatDuration(ms)
}

function spaced(word: string): string {
  return word.replaceAll('_', ' ')
}

/** To the second, of something that is about to happen. */
function second(instant: string): string {
  return `${instant.slice(0, 19).replace('T', ' ')}Z`
}

/** To the minute, with its day: a line may be read tomorrow. */
function clock(instant: string): string {
  return `${instant.slice(0, 16).replace('T', ' ')}Z`
}

/** Who said what to a run; the values are the engine's own (`runbook/`). */
function decided({step, of, value, by = 'somebody', why}: EventData['decision.recorded']): string {
  const map: {readonly [key: string]: unknown} =
    typeof value === 'object' && value !== null && !Array.isArray(value) ? {...(value as {readonly [key: string]: Json})} : {}
  if (of === 'approve') {
    if (map['override'] === true) return `${by} goes on at ${step} without the approval${because(why)}`
    return `${by}${typeof map['role'] === 'string' ? ` (${map['role']})` : ''} approved ${step}${because(why)}`
  }
  if (of === 'for_each' && Array.isArray(value)) return `${step} goes over ${value.map(String).join(', ') || 'nothing'}`
  if (of === 'call') return `${step} is called with ${JSON.stringify(value)}`
  if (of === 'hold') return `hold ${String(map['what'])} at ${step} after ${String(map['samples'])} samples`
  if (of === 'failure' && typeof map['goto'] === 'string') return `after the failure of ${step} the run goes on at ${map['goto']}`
  if (of === 'failure' && typeof map['undo'] === 'string') return `after the failure of ${step} the ${map['undo']} is undone`
  return `${of} at ${step}: ${JSON.stringify(value)}${of === 'if' ? '' : ` by ${by}`}${because(why)}`
}
