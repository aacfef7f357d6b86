import {defined} from '../lib/defined.ts'
import type {Desk, Done} from './desk.ts'
import {recordIntention, type Writing} from './record-intention.ts'

/** Offers command to somebody; it moves only when they take it (`takeCommand`). */
export async function handOff(desk: Desk, {to, text, ...writing}: Writing & {readonly to: string; readonly text?: string | undefined}): Promise<Done> {
  return recordIntention(desk, {intend: 'handoff', to, ...defined({text})}, writing)
}

/** Takes command: the answer to an offer, or simply stepping in. The person who types becomes IC. */
export async function takeCommand(desk: Desk, writing: Writing): Promise<Done> {
  return recordIntention(desk, {intend: 'take', actor: desk.actor.name}, writing)
}
