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

describe('a question of a run', () => {
  it('lists what changes nothing first: Enter alone is not yes', async () => {
    const listed: string[] = []
    const told: string[] = []
    const firstOne: Ask = {
      confirm: async () => false,
      text: async () => '',
      choose: async (_, choices) => {
        listed.push(...choices.map(({value}) => value))
        const [first] = choices
        if (!first) throw new Error('nothing to choose from')
        return first.value
      },
    }
    expect(await askPerson(firstOne, line => told.push(line))(question, new AbortController().signal)).toEqual({answer: 'stop'})
    expect(listed).toEqual(['stop', 'yes', 'skip'])
    expect(told).toEqual(['  Rod', '  Insert?'])
  })
})
