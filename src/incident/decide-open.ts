import {shortId} from '../lib/ids.ts'
import {shellQuote} from '../lib/text.ts'
import {maybeIn} from './board-state.ts'
import {type Act, isRefusal, refuse, stamped} from './decision.ts'
import type {Decision, Refusal, World} from './intentions.ts'
import {own} from './own.ts'
import {componentEvents, publicUpdate} from './public-update.ts'
import {emptyIncident} from './state.ts'
import {noPromise} from './time-guard.ts'
import {publicText, titleText} from './typed-text.ts'

/**
 * Opens an incident; with a text it is public at once. A back-dated `at` is when it began: of the opening and the components.
 * The text goes out now: nobody read it earlier, and the next one is promised to those who read this one.
 */
export function decideOpen(world: World, intention: Act<'open'>): Decision {
  const {severity, impact, drill, next, components = {}, adopt = []} = intention
  const state = world.incident ?? emptyIncident('')
  if (state.phase !== 'none') return refuse('guard.refused', `${shortId(state.id)} is open already`, 'scram show')
  const title = titleText('the title', intention.title)
  if (isRefusal(title)) return title
  const body = intention.text === undefined ? undefined : publicText('the update', intention.text)
  if (body !== undefined && isRefusal(body)) return body
  if (body !== undefined && intention.private) {
    return refuse('guard.refused', 'a private incident has no public updates', `scram open ${shellQuote(title)} --private`, 'scram note "text"')
  }
  if (next !== undefined && body === undefined)
    return refuse('usage.invalid', 'the next update can be promised only in an update', 'scram open "title" -m "text" --next 20m')
  const unkept = noPromise(next)
  if (unkept) return unkept
  const stranger = adopt.map(rod => notAdoptable(world, rod)).find(each => each !== undefined)
  if (stranger) return stranger
  const {at: _, ...now} = intention
  const said =
    body === undefined ? [] : publicUpdate(world, now, state, {body, status: 'investigating', severity, components, ...(next !== undefined && {next})})
  const data = {
    title,
    severity,
    ...(impact && {impact}),
    ...(intention.private && {private: true}),
    ...(drill && {drill}),
    ...(adopt.length > 0 && {adopt}),
  }
  return {refused: false, events: [...stamped(intention, [{kind: 'incident.opened', data}, ...componentEvents(world, components)]), ...said]}
}

function notAdoptable({board}: World, id: string): Refusal | undefined {
  const rod = own(board.rods, id)
  if (!rod || !maybeIn(rod)) return refuse('usage.invalid', `${id} is not in, so there is nothing to adopt`, 'scram rod list')
  const owner = rod.incident === null ? undefined : own(board.open, rod.incident)
  if (owner) return refuse('guard.refused', `${id} belongs to ${shortId(owner.id)} (${owner.title}), which is still open`, `scram show ${shortId(owner.id)}`)
  return undefined
}
