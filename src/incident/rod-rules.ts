import {type Board, maybeIn, type RodState} from './board-state.ts'
import type {Intent, Interlock} from './events.ts'
import type {RodRules} from './intentions.ts'
import {own} from './own.ts'

const RULE = /^(?:conflicts:.+|requires:.+|keep_one_of|cooldown|approvals|steps|rates|incident)$/
export const RULE_NAMES = 'conflicts:ROD, requires:ROD, keep_one_of, cooldown, approvals, steps, rates'

/** What `--override` may name: a rule that is misspelt was not set aside. */
export function isRuleName(name: string): boolean {
  return RULE.test(name)
}

/** A rule that stands in the way of a move. Its `name` is what `--override` takes. */
export interface Violation {
  readonly name: string
  readonly message: string
}

/** What the rules are held against: who moves which way, by the fold alone. Nobody else's definition is needed. */
export interface RuledMove {
  readonly way: 'insert' | 'withdraw'
  readonly move: Pick<Intent, 'rod' | 'to' | 'approvals'>
  readonly rules: RodRules
  readonly actor: string
  readonly now: number
}

/**
 * Every rule of the rod, and of the rods that are in, that this move would break (control-rods §10). A rod whose state is
 * unknown counts as violating. Setting one aside is a person's word: `--override NAME --why TEXT`.
 */
export function violations({rods}: Pick<Board, 'rods'>, ruled: RuledMove): readonly Violation[] {
  const {way, move, rules} = ruled
  const locks = way === 'insert' ? [...conflicts(rods, move, rules), ...requirements(rods, rules), ...lastOne(rods, move.rod, rules)] : dependents(rods, move)
  return [...locks, ...cooldown(own(rods, move.rod), ruled), ...approvals(ruled)]
}

type Rods = Board['rods']

function conflicts(rods: Rods, {rod, to}: RuledMove['move'], rules: RodRules): readonly Violation[] {
  const ours = rules.conflicts.filter(lock => mayStand(own(rods, lock.rod), lock)).map(lock => lock.rod)
  const theirs = Object.values(rods).filter(other => other.rod !== rod && maybeIn(other) && (other.binds.conflicts ?? []).some(lock => names(lock, rod, to)))
  return [...new Set([...ours, ...theirs.map(other => other.rod)])].map(other => ({
    name: `conflicts:${other}`,
    message: `${rod} must not be in together with ${other}, and ${other} ${stands(own(rods, other))}`,
  }))
}

/** Only a rod that a probe saw there fulfils a requirement. */
function requirements(rods: Rods, rules: RodRules): readonly Violation[] {
  return rules.requires
    .filter(({rod, at}) => {
      const other = own(rods, rod)
      const isThere = other?.status === 'inserted' && (at === undefined || at.includes(other.verified))
      return !isThere
    })
    .map(({rod, at}) => ({
      name: `requires:${rod}`,
      message: `it may go in only while ${rod} is ${at ? `at ${at.join(' or ')}` : 'in'}, and ${rod} ${stands(own(rods, rod))}`,
    }))
}

function lastOne(rods: Rods, rod: string, {keepOneOf}: RodRules): readonly Violation[] {
  const others = keepOneOf.filter(other => other !== rod)
  const isLast = others.length > 0 && others.every(other => mayStand(own(rods, other), {rod: other}))
  if (!isLast) return []
  return [{name: 'keep_one_of', message: `${rod} is the last of ${keepOneOf.join(', ')} known to be withdrawn, and one of them must stay`}]
}

/** A rod that is in only while this one is, keeps this one in. */
function dependents(rods: Rods, {rod, to}: RuledMove['move']): readonly Violation[] {
  const needs = ({at}: Interlock) => to === 'withdrawn' || (at !== undefined && !at.includes(to))
  return Object.values(rods)
    .filter(other => maybeIn(other) && (other.binds.requires ?? []).some(lock => lock.rod === rod && needs(lock)))
    .map(other => ({name: `requires:${other.rod}`, message: `${other.rod} may be in only while ${rod} is, and ${other.rod} ${stands(other)}`}))
}

/** Never delays a first insertion: there was no move before it. */
function cooldown(state: RodState | undefined, {way, move, rules, now}: RuledMove): readonly Violation[] {
  if (!state || state.lastMove === null || state.lastMove === way || state.movedAt === null) return []
  const leftMs = Date.parse(state.movedAt) + rules.cooldownMs - now
  // A last move that lies in the future (a clock that went back) holds nobody up for longer than the cooldown itself.
  if (!(leftMs > 0) || leftMs > rules.cooldownMs) return []
  const seconds = Math.ceil(leftMs / 1000)
  return [{name: 'cooldown', message: `${move.rod} moved the other way ${Math.floor((rules.cooldownMs - leftMs) / 1000)} s ago; try again in ${seconds} s`}]
}

function approvals({way, move, rules, actor}: RuledMove): readonly Violation[] {
  const wanted = rules.approvals[way]
  const people = new Set([actor, ...(move.approvals ?? [])])
  if (people.size >= wanted) return []
  return [{name: 'approvals', message: `to ${way} ${move.rod} takes ${wanted} people, and ${people.size === 1 ? 'only you are' : `${people.size} are`} named`}]
}

/** It stands at one of the named positions, as far as anyone can say. */
function mayStand(state: RodState | undefined, {at}: Interlock): boolean {
  if (!state || !maybeIn(state)) return false
  return state.status !== 'inserted' || at === undefined || at.includes(state.verified)
}

const names = (lock: Interlock, rod: string, to: string) => lock.rod === rod && (lock.at === undefined || lock.at.includes(to))

function stands(state: RodState | undefined): string {
  if (!state || !maybeIn(state)) return 'is withdrawn'
  return state.status === 'inserted'
    ? `is in${state.verified === 'inserted' ? '' : ` at ${state.verified}`} since ${state.since}`
    : `is not known to be withdrawn (${state.status})`
}
