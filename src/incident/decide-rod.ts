import {shellQuote} from '../lib/text.ts'
import {maybeIn, type RodState} from './board-state.ts'
import {type Act, isRefusal, record, refuse} from './decision.ts'
import type {Decision, Refusal, RodAsOf, World} from './intentions.ts'
import {own} from './own.ts'
import {movedByOthers, type Taken} from './rod-moved.ts'
import {dueReminder} from './rod-reminder.ts'
import {restartsIn} from './rod-restart.ts'
import {rivalNews} from './rod-rivals.ts'
import {isRuleName, RULE_NAMES, violations} from './rod-rules.ts'
import {required, typed} from './typed-text.ts'

type MoveAct = Act<'insert-rod' | 'withdraw-rod'>

/**
 * The intent of a move, recorded before the rod is touched. Refused: what breaks a rule that nobody set aside, a rod
 * that someone else moved since we recorded it (unless taken as it is), a step whose rod was moved in between.
 */
export function decideMove(world: World, intention: MoveAct): Decision {
  const {intend, move} = intention
  const inserts = intend === 'insert-rod'
  const nonsense = nameless(move.rod, move.to)
  if (nonsense) return nonsense
  if (inserts && move.to === 'withdrawn') return refuse('usage.invalid', `to insert ${move.rod} at "withdrawn" is to withdraw it`, `scram out ${move.rod}`)
  // A reason is welcome to withdraw; putting functionality out of service needs one, and so does setting a rule aside, or giving one's word.
  const needsWhy = inserts || intention.blind === true || (move.overrides ?? []).length > 0
  const why = needsWhy ? required('the reason', move.why) : typed(move.why)
  if (isRefusal(why)) return why
  const stranger = (move.overrides ?? []).find(name => !isRuleName(name))
  if (stranger !== undefined)
    return refuse('usage.invalid', `there is no rule ${JSON.stringify(stranger.slice(0, 60))}; rules are ${RULE_NAMES}`, `scram rod show ${move.rod}`)
  const interrupted = otherMove(world, intention)
  if (interrupted) return interrupted
  const later = expiryLeft(world, intention)
  if (later) return later
  const taken = movedByOthers(own(world.board.rods, move.rod), move)
  if (taken.length > 0 && intention.take !== true) return movedMeanwhile(world, intention, taken)
  const broken = againstRules(world, intention)
  if (broken) return broken
  const state = own(world.board.rods, move.rod)
  const data = {...move, why, ...(taken.length > 0 && {taken}), follows: state?.intent || null}
  return record(intention, [...rivalNews(state), {kind: inserts ? 'rod.inserting' : 'rod.withdrawing', data}])
}

/** A withdrawal goes on only while the rod is its own: whoever inserts it in between has the last word. */
function otherMove({board}: World, {move, after}: MoveAct): Refusal | undefined {
  const state = own(board.rods, move.rod)
  if (after === undefined || state?.intent === after) return undefined
  return refuse(
    'rod.moved',
    `${state?.by ?? 'someone'} moved ${move.rod} meanwhile (${state?.why || 'no reason given'}); nothing more was sent`,
    `scram rod show ${move.rod}`,
  )
}

/** A release is for a rod that is past its expiry, also when its guard let it wait for an hour and somebody extended it. */
function expiryLeft({board, now}: World, {move, expired}: MoveAct): Refusal | undefined {
  if (!expired) return undefined
  const expiresAt = own(board.rods, move.rod)?.expiresAt ?? null
  if (expiresAt !== null && Date.parse(expiresAt) <= now) return undefined
  return refuse(
    'guard.refused',
    `${move.rod} is not past its expiry any more (due out ${expiresAt ?? 'never'}); nothing more was sent`,
    `scram rod show ${move.rod}`,
  )
}

function movedMeanwhile({board}: World, {intend, move}: MoveAct, taken: Taken): Refusal {
  const since = own(board.rods, move.rod)?.since ?? ''
  const each = taken.map(({target, recorded, position}) => `${target === '' ? '' : `${target} `}recorded ${recorded} at ${since}, reads ${position} now`)
  const again = intend === 'insert-rod' ? `scram in ${move.rod} --take --why TEXT` : `scram out ${move.rod} --take`
  return refuse('rod.moved', `${move.rod} was moved by someone else: ${each.join('; ')}. --take accepts what is there as the starting point`, again)
}

function againstRules(world: World, {intend, move, rules}: MoveAct): Refusal | undefined {
  if (!rules) return undefined
  const way = intend === 'insert-rod' ? 'insert' : 'withdraw'
  const overrides = move.overrides ?? []
  const broken = violations(world.board, {way, move, rules, actor: world.actor ?? '', now: world.now})
  const standing = broken.filter(({name}) => !overrides.includes(name))
  if (standing.length === 0) return undefined
  const command = `scram ${way === 'insert' ? 'in' : 'out'} ${move.rod}`
  const hints = standing.map(({name}) => `${command} --override ${name} --why TEXT`)
  const approving = standing.some(({name}) => name === 'approvals') ? [`${command} --approved-by NAME${way === 'insert' ? ' --why TEXT' : ''}`] : []
  return refuse('guard.refused', `${move.rod}: ${standing.map(({name, message}) => `${message} (rule ${name})`).join('; ')}`, ...approving, ...hints)
}

/**
 * What became of a move: the facts are the rods' room's, and are recorded as they are. Looking takes time: what was seen
 * of a rod that somebody moved or settled meanwhile (`asOf`) is no news any more, and nothing is recorded.
 */
export function decideSettle({board}: World, intention: Act<'settle-rod'>): Decision {
  const {settle, as, asOf} = intention
  const nonsense = nameless(settle.rod, settle.to)
  if (nonsense) return nonsense
  const state = own(board.rods, settle.rod)
  if (asOf !== undefined && !isStill(state, asOf)) return record(intention, [])
  if (settle.intent === '' && asOf !== null && asOf?.intent !== '') return refuse('usage.invalid', `an outcome of ${settle.rod} names no intent`)
  return record(intention, [...rivalNews(state), {kind: as, data: settle}])
}

function isStill(state: RodState | undefined, asOf: RodAsOf | null): boolean {
  if (!state || asOf === null) return state === undefined && asOf === null
  return state.status === asOf.status && state.since === asOf.since && state.intent === asOf.intent
}

/** A new expiry for a rod that is in; every extension keeps its reason. */
export function decideExtend({board, now}: World, intention: Act<'extend-rod'>): Decision {
  const {rod: id, expiresAt} = intention
  const rod = own(board.rods, id)
  if (!rod || !maybeIn(rod)) return refuse('guard.refused', `${id} is not in, so nothing expires`, `scram rod show ${shellQuote(id)}`)
  if (rod.isNativeTtl) {
    const message = `the target of ${id} itself lets go at ${rod.expiresAt ?? 'its expiry'}, and only another insertion moves that`
    return refuse('guard.refused', message, `scram in ${shellQuote(id)} --expires 1h --why TEXT`)
  }
  if (!(Date.parse(expiresAt) > now)) return refuse('time.invalid', `${id} would be due out at ${expiresAt}, which is not in the future`)
  const why = required('the reason', intention.why)
  return isRefusal(why) ? why : record(intention, [{kind: 'rod.extended', data: {rod: id, expiresAt, why}}])
}

/** A drift is news once: of a rod that a probe had seen in, and again only when it shows something else. */
export function decideDrift({board}: World, intention: Act<'note-drift'>): Decision {
  const {drift} = intention
  const state = own(board.rods, drift.rod)
  // Looked for at a position that it has left meanwhile, it has not drifted: somebody moved it.
  const wasVerified = (state?.status === 'inserted' || state?.status === 'held') && state.verified === drift.expected
  const isOther = state?.status === 'drifted' && state.seen !== drift.seen
  // It stands where it should, and another process says so: told once, to whoever comes first.
  if (drift.seen === drift.expected && !(state && restartsIn(state, drift.targets ?? []).length > 0)) return record(intention, [])
  return record(intention, wasVerified || isOther ? [{kind: 'rod.drifted', data: drift}] : [])
}

/** Two journals met: told once, by whoever notices first. */
export function decideRivals({board}: World, intention: Act<'note-rivals'>): Decision {
  return record(intention, rivalNews(own(board.rods, intention.rod)))
}

/** Two watchers, one reminder: whoever comes second finds it recorded. */
export function decideReminder({board, now}: World, intention: Act<'remind-of-rod'>): Decision {
  const state = own(board.rods, intention.rod)
  const due = state && dueReminder(state, now)
  return record(intention, due ? [{kind: 'rod.reminded', data: {rod: intention.rod, ...due}}] : [])
}

function nameless(rod: string, to: string): ReturnType<typeof refuse> | undefined {
  if (rod === '') return refuse('usage.invalid', 'no rod is named', 'scram rod list')
  return to === '' ? refuse('usage.invalid', `no position is named for ${rod}`, `scram rod show ${rod}`) : undefined
}
