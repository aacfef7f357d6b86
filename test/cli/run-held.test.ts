import {existsSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest} from '@jest/globals'
import {type GaugeServer, type Switches, startGauge, startSwitches, switchRod} from '../servers/switches.ts'
import {book, record} from './run-record.ts'
import {type Machine, machine} from './run-scram.ts'

jest.setTimeout(120_000)

let switches: Switches
let gauge: GaugeServer
let at: Machine
beforeAll(async () => {
  switches = await startSwitches()
  gauge = await startGauge()
})
afterAll(() => Promise.all([switches.close(), gauge.close()]))
beforeEach(() => {
  at = machine()
})
afterEach(() => at.remove())

describe('a withdrawal whose guard stepped back', () => {
  it.each(['continue', '{goto: over}', 'stop'])(
    'is never gone on past, whatever on_failure says (%s), nor by --yes, done or resume; only skip leaves it',
    async onFailure => {
      const rod = `held${onFailure.replace(/\W/g, '')}`
      book(
        at,
        'out',
        `
  - {id: put, uses: rod/insert, with: {rod: ${rod}, why: contain, expires: 1h}}
  - {id: take, uses: rod/withdraw, with: {rod: ${rod}}, on_failure: ${onFailure}}
  - {id: over, run: [touch, over]}
`,
      )
      const guard = `withdraw: {dwell: 300ms, max_step_backs: 0, guard: {http: {url: "${gauge.url}", json: $.q, timeout: 500ms}, every: 50ms, advance: {lte: 10}, back: {gt: 40}}}`
      writeFileSync(join(at.home, 'scram.yaml'), ['scram: 1', 'rods:', switchRod(switches.url, rod, [guard]), ''].join('\n'))
      gauge.value = 3
      const follow = setInterval(() => {
        gauge.value = switches.of(rod).position === 'half' ? 99 : 3
      }, 5)
      try {
        expect(await at.run(['run', 'out', '--yes'])).toMatchObject({
          code: 66,
          stderr: expect.stringMatching(/no incident is open, and out opens none: `put`[\s\S]*scram open TITLE/),
        })
        await at.run(['open', 'It fails'])
        const ran = await at.json(['run', 'out', '--yes'])
        expect([ran.code, ran.value['reason'], ran.value['step'], ran.value['rodsIn']]).toEqual([1, 'failed', 'take', [rod]])
        expect((await at.run(['resume', '--yes'])).code).toBe(1)
        expect((await at.run(['done', 'take'])).code).toBe(77)
        expect(existsSync(join(at.home, 'over'))).toBe(false)
        expect(switches.of(rod).position).toBe('inserted')
        expect((await record(at)).find(({kind}) => kind === 'step.failed')?.data).toMatchObject({step: 'take#1', code: 'rod.held'})
        expect((await at.run(['skip', 'take', '--why', 'it stays in'])).code).toBe(0)
        expect(existsSync(join(at.home, 'over'))).toBe(true)
      } finally {
        clearInterval(follow)
      }
    },
  )
})
