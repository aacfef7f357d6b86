import {confirm, input, select} from '@inquirer/prompts'
import type {Ask} from '../actions/desk.ts'
import {safeLine} from '../lib/text.ts'
import {whileAsking} from './live-line.ts'

/** Questions go to stderr: stdout is for results. Enter alone is never yes. Ctrl-C rejects with inquirer's own abort. */
const context = (signal: AbortSignal) => ({output: process.stderr, signal})

export const ask: Ask = {
  confirm: (question, signal) => whileAsking(() => confirm({message: safeLine(question), default: false}, context(signal))),
  text: (question, signal) => whileAsking(() => input({message: safeLine(question)}, context(signal))),
  choose: (question, choices, signal) =>
    whileAsking(() => select({message: safeLine(question), choices: choices.map(({value, name}) => ({value, name: safeLine(name)}))}, context(signal))),
}
