import {describe, expect, it} from '@jest/globals'
import {askPerson} from '../../src/actions/ask-about-step.ts'
import type {Ask} from '../../src/actions/desk.ts'
import type {Question} from '../../src/runbook/ports.ts'

const question: Question = {
  of: 'confirm',
  step: 'rod',
  title: 'Rod',
  text: 'Insert?',
  lines: [],
  answers: ['yes', 'skip', 'stop'],
  outputs: {},
  evidence: 'optional',
}

function fail(): never {
  throw new Error('nothing to choose from')
}

describe('a question of a run', () => {
  it('keeps every line of a script, below the question', async () => {
    const told: string[] = []
    const nobody: Ask = {confirm: async () => false, text: async () => '', choose: async (_, choices) => choices.at(-1)?.value ?? fail()}
    const lines = ['sleep 1\ntouch a\nsleep 1', 'with A=1']
    await askPerson(nobody, line => told.push(line))({...question, lines}, new AbortController().signal)
    expect(told.slice(2).join('\n')).toBe('  sleep 1\n  touch a\n  sleep 1\n  with A=1')
  })

  it('lists what changes nothing first: Enter alone is not yes', async () => {
    const listed: string[] = []
    const told: string[] = []
    const firstOne: Ask = {
      confirm: async () => false,
      text: async () => '',
      choose: async (_, choices) => {
        listed.push(...choices.map(({value}) => value))
        const [first] = choices
        return first?.value ?? fail()
      },
    }
    expect(await askPerson(firstOne, line => told.push(line))(question, new AbortController().signal)).toEqual({answer: 'stop'})
    expect(listed).toEqual(['stop', 'yes', 'skip'])
    expect(told).toEqual(['  Rod', '  Insert?'])
  })
})
