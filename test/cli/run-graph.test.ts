import {afterEach, beforeEach, describe, expect, it, jest} from '@jest/globals'
import {book} from './run-record.ts'
import {type Machine, machine} from './run-scram.ts'

jest.setTimeout(120_000)

let at: Machine
beforeEach(() => {
  at = machine()
})
afterEach(() => at.remove())

const STEPS = `
  - {id: first, run: ["true"]}
  - {id: left, if: "false", run: ["true"]}
  - {id: broke, run: ["false"], on_failure: continue}
  - {id: patch, for_each: [a, b], steps: [{id: push, run: ["true"]}]}
  - {id: look, manual: Look}
  - {id: put, run: ["true"], confirm: Sure?}
  - {id: cut, run: 'kill -9 $$'}
  - {id: after, wait: 1s}
`

describe('scram runbook graph --run', () => {
  it('marks how each step of the run stands, by the text it was started with, also once it has ended', async () => {
    book(at, 'marked', STEPS)
    const {value} = await at.json(['run', 'marked'])
    const run = String(value['run'])
    book(at, 'marked', '  - {id: other, wait: 1s}\n')
    const marks = async (...more: string[]) => {
      const {code, stdout} = await at.run(['runbook', 'graph', 'marked', '--run', run, ...more])
      expect(code).toBe(0)
      return stdout
    }
    const lines = (text: string) => Object.fromEntries(text.trim().split('\n').slice(1).map(line => [line.slice(12).trim().split(' ')[0], line.slice(0, 12).trim()])) // biome-ignore format: one line
    const begun = {first: '✓ done', left: '– skipped', broke: '✗ failed', patch: '·', push: '✓ done'}
    expect(lines(await marks())).toEqual({...begun, look: '‖ parked', put: '·', cut: '·', after: '·'})
    await at.run(['done', 'look'])
    expect(lines(await marks())).toEqual({...begun, look: '✓ done', put: '‖ parked', cut: '·', after: '·'})
    await at.run(['resume', '--yes'])
    expect(lines(await marks())).toEqual({...begun, look: '✓ done', put: '✓ done', cut: '? unknown', after: '·'})
    expect(await marks('--format', 'mermaid')).toMatch(/cut · run[^\n]*:::unknown/)
    await at.run(['abort', '--why', 'seen enough'])
    expect(lines(await marks())).toMatchObject({look: '✓ done', cut: '? unknown'})
    expect((await at.run(['runbook', 'graph', 'other', '--run', run])).code).toBe(64)
    expect((await at.run(['runbook', 'graph', 'marked', '--run', 'r-none'])).code).toBe(66)
  })
})
