import {decideClose, decideMerge, decideReopen, decideResolve} from './decide-end.ts'
import {decideAmend, decideMark, decideMeasure, decideNote, decideRedact, decideRetitle} from './decide-entry.ts'
import {decideOpen} from './decide-open.ts'
import {decideAssign, decideHandoff, decideTake} from './decide-people.ts'
import {decideDrift, decideExtend, decideMove, decideReminder, decideRivals, decideSettle} from './decide-rod.ts'
import {decideComponent, decideImpact, decideSeverity} from './decide-setting.ts'
import {decideCancelled, decideFallback, decidePromiseDue, decideScheduled, decideScheduledDue, decideWaitDue} from './decide-timer.ts'
import {decideHeadline, decideUpdate} from './decide-update.ts'
import {existing, isRefusal, record} from './decision.ts'
import type {Decision, Intention, World} from './intentions.ts'
import {tooLate} from './time-guard.ts'

/**
 * What an intention records, or why not. Pure: the world is handed in, nothing is read and nothing is written; the caller
 * appends the events in the transaction in which it folded the world. Never throws: a refusal is a value, and its hints
 * are commands that can be pasted.
 */
export function decide(world: World, intention: Intention): Decision {
  const late = tooLate(world, intention.at)
  if (late) return late
  switch (intention.intend) {
    case 'open':
      return decideOpen(world, intention)
    case 'update':
      return decideUpdate(world, intention)
    case 'schedule-update':
      return decideScheduled(world, intention)
    case 'cancel-update':
      return decideCancelled(world, intention)
    case 'post-scheduled':
      return decideScheduledDue(world, intention)
    case 'remind-of-promise':
      return decidePromiseDue(world, intention)
    case 'fill-silence':
      return decideFallback(world, intention)
    case 'tell-wait':
      return decideWaitDue(world, intention)
    case 'headline':
      return decideHeadline(world, intention)
    case 'amend':
      return decideAmend(world, intention)
    case 'redact':
      return decideRedact(world, intention)
    case 'note':
      return decideNote(world, intention)
    case 'retitle':
      return decideRetitle(world, intention)
    case 'severity':
      return decideSeverity(world, intention)
    case 'impact':
      return decideImpact(world, intention)
    case 'component':
      return decideComponent(world, intention)
    case 'assign':
      return decideAssign(world, intention)
    case 'mark':
      return decideMark(world, intention)
    case 'state-measure':
      return decideMeasure(world, intention)
    case 'handoff':
      return decideHandoff(world, intention)
    case 'take':
      return decideTake(world, intention)
    case 'resolve':
      return decideResolve(world, intention)
    case 'reopen':
      return decideReopen(world, intention)
    case 'close':
      return decideClose(world, intention)
    case 'merge':
      return decideMerge(world, intention)
    case 'record-command': {
      const incident = world.incident === null ? null : existing(world)
      return incident !== null && isRefusal(incident) ? incident : record(intention, [{kind: 'command.ran', data: intention.data}])
    }
    case 'insert-rod':
    case 'withdraw-rod':
      return decideMove(world, intention)
    case 'settle-rod':
      return decideSettle(world, intention)
    case 'extend-rod':
      return decideExtend(world, intention)
    case 'hold-rod':
      return record(intention, [{kind: 'rod.held', data: intention.held}])
    case 'note-drift':
      return decideDrift(world, intention)
    case 'note-rivals':
      return decideRivals(world, intention)
    case 'remind-of-rod':
      return decideReminder(world, intention)
    case 'record-test':
      return record(intention, [{kind: 'rod.tested', data: intention.test}])
  }
}
