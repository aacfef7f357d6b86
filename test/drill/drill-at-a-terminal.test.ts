import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {afterEach, beforeEach, expect, it} from '@jest/globals'
import {type Machine, machine} from '../cli/run-scram.ts'
import {type Terminal, terminal} from '../cli/terminal.ts'
import {drillTurn, TURN_MS} from './turn.ts'

let person: Machine
let screen: Terminal | undefined
let giveBack: () => void
beforeEach(async () => {
  giveBack = await drillTurn()
  person = machine()
}, TURN_MS)
afterEach(async () => {
  screen?.end()
  await person.remove()
  giveBack()
})

it('Ctrl-C at a question of the drill ends it with 130, and what it showed so far is kept', async () => {
  const out = join(person.home, 'drill')
  screen = await terminal(person, ['drill', 'run', '--out', out])
  await screen.shows(/stop here \(the run is parked\)/, 90_000)
  screen.type('\u0003')
  expect(await screen.ended()).toBe(130)
  expect(screen.sent()).toMatch(/the runbook stopped at api_rod, and its platform is gone/)
  expect(['report.json', 'timeline.jsonl', 'postmortem.md', 'page/index.html'].filter(name => !existsSync(join(out, name)))).toEqual([])
}, 180_000)
