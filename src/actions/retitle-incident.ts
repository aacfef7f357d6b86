import type {Desk, Done} from './desk.ts'
import {recordIntention, type Writing} from './record-intention.ts'

/** Gives the incident another title; the old one stays in the record. */
export async function retitleIncident(desk: Desk, {title, ...writing}: Writing & {readonly title: string}): Promise<Done> {
  return recordIntention(desk, {intend: 'retitle', title}, writing, {want: 'look'})
}
