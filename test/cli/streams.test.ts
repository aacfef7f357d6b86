import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {type Machine, machine} from './run-scram.ts'

let mine: Machine
let theirs: Machine
beforeEach(async () => {
  mine = machine()
  theirs = machine()
})
afterEach(async () => {
  await mine.remove()
  await theirs.remove()
})

/** Their record of three entries, the second one damaged on the way. */
async function damaged(): Promise<{file: string; whole: string; origin: string}> {
  await theirs.run(['open', 'Deploys hang', '--private'])
  await theirs.run(['note', 'one'])
  await theirs.run(['note', 'two'])
  const lines = (await theirs.run(['timeline', 'export'])).stdout.trimEnd().split('\n')
  const {origin} = JSON.parse(lines[0] ?? '') as {origin: string}
  const file = join(mine.home, 'damaged.jsonl')
  const whole = join(mine.home, 'whole.jsonl')
  writeFileSync(whole, `${lines.join('\n')}\n`)
  writeFileSync(file, `${[lines[0], lines[1]?.replace('"one"', '"ONE"'), lines[2]].join('\n')}\n`)
  return {file, whole, origin}
}

describe('a stream that stopped', () => {
  it('goes on with the file that came whole; one that is not there changes nothing', async () => {
    const {file, whole, origin} = await damaged()
    await mine.run(['timeline', 'import', file])
    expect(await mine.run(['timeline', 'import', whole])).toMatchObject({code: 1})
    expect(await mine.run(['timeline', 'resume', origin, 'nosuch.jsonl'])).toMatchObject({
      code: 66,
      stderr: expect.stringContaining('there is no file nosuch.jsonl'),
    })
    expect(await mine.run(['timeline', 'streams'])).toMatchObject({code: 1})
    expect(await mine.run(['timeline', 'resume', origin.slice(0, 6), whole])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^2 added, 1 known already/),
    })
    expect(await mine.run(['timeline', 'streams'])).toMatchObject({code: 0})
  })

  it('is named with its reason and what a person can do', async () => {
    const {file, origin} = await damaged()
    const imported = await mine.run(['timeline', 'import', file])
    expect([imported.code, imported.stdout]).toEqual([1, expect.stringContaining('scram timeline streams')])
    const {code, stdout} = await mine.run(['timeline', 'streams'])
    expect([code, stdout]).toEqual([1, expect.stringMatching(/STOPPED at 2 \(corrupt\)/)])
    expect(stdout).toContain(`scram timeline skip ${origin} --why TEXT`)
  })

  it('is said each time: whoever syncs by a timer sees 1 for as long as records are left out', async () => {
    const {file, whole, origin} = await damaged()
    await mine.run(['timeline', 'import', file])
    const again = await mine.run(['timeline', 'import', whole])
    expect(again.code).toBe(1)
    expect(again.stdout).toBe(`0 added, 1 known already\nLEFT  ${origin}/1 stands stopped at 2: 2 records not taken\nsee: scram timeline streams\n`)
  })

  it('stops again while its record is no better, and goes on without it by a person’s word', async () => {
    const {file, whole, origin} = await damaged()
    await mine.run(['timeline', 'import', file])
    expect((await mine.run(['timeline', 'resume', origin.slice(0, 6)])).code).toBe(1)
    expect((await mine.run(['timeline', 'skip', origin, '--why', ' '])).code).toBe(64)
    expect((await mine.run(['timeline', 'skip', origin, '--why', 'torn on the way'])).code).toBe(0)
    expect(await mine.json(['timeline', 'streams'])).toMatchObject({code: 0, value: {streams: expect.arrayContaining([expect.objectContaining({origin})])}})
    expect((await mine.run(['timeline', 'resume', origin])).code).toBe(66)
    const again = await mine.run(['timeline', 'import', whole])
    expect([again.code, again.stdout]).toEqual([0, expect.stringMatching(/^1 added/)])
  })
})
