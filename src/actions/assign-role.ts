import type {Role} from '../incident/words.ts'
import type {Desk, Done} from './desk.ts'
import {recordIntention, type Writing} from './record-intention.ts'

/** Gives a role to somebody; whoever held it before no longer does. */
export async function assignRole(desk: Desk, {role, to, ...writing}: Writing & {readonly role: Role; readonly to: string}): Promise<Done> {
  return recordIntention(desk, {intend: 'assign', role, to}, writing)
}
