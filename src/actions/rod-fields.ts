import type {Field} from './check-input.ts'

/**
 * What a step may say about a move of a rod, by the names of the flags with `_` for `-`; a test holds the two together.
 * Not here, on purpose: a withdrawal past its guard (`--at-once`) and a person's word (`--blind` on the way out) want a
 * person who looks at that moment, and a runbook was written before it.
 */
const said = {
  take: {is: 'flag'},
  override: {is: 'rules', wants: 'why'},
  approved_by: {is: 'texts'},
  only: {is: 'texts'},
} as const satisfies Readonly<Record<string, Field>>

const rod = {is: 'text', required: true} as const
const why = {is: 'text', required: true} as const
const to = {is: 'text'} as const

export const INSERT_FIELDS = {rod, to, why, expires: {is: 'duration'}, blind: {is: 'flag'}, ...said} as const satisfies Readonly<Record<string, Field>>
export const WITHDRAW_FIELDS = {rod, to, why: {is: 'text'}, step: {is: 'flag'}, to_previous: {is: 'flag'}, ...said} as const satisfies Readonly<
  Record<string, Field>
>
export const EXTEND_FIELDS = {rod, expires: {is: 'duration', required: true}, why} as const satisfies Readonly<Record<string, Field>>
export const TRIP_FIELDS = {bank: {is: 'text', required: true}, why} as const satisfies Readonly<Record<string, Field>>
