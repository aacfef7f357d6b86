import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from '@jest/globals'
import {fencesOf} from '../docs/fences.ts'
import {type Machine, machine} from './run-scram.ts'

/** The example of the guide, in an empty folder, as its reader would try it. */
const PAGE = 'docs/guide/testing-runbooks.md'

describe('scram runbook test', () => {
  let at: Machine
  const [runbook = '', test = ''] = fencesOf(PAGE, 'yaml').filter(text => !text.startsWith('scram: 1\nrods'))
  beforeAll(() => {
    at = machine()
    mkdirSync(join(at.home, 'runbooks'))
    writeFileSync(join(at.home, 'scram.yaml'), 'scram: 1\n')
    writeFileSync(join(at.home, 'runbooks/release.yaml'), runbook)
  })
  afterAll(() => at.remove())
  const write = (text: string) => writeFileSync(join(at.home, 'runbooks/release.test.yaml'), text)

  it('passes the example of the guide, with a line for each case', async () => {
    write(test)
    const {code, stdout} = await at.run(['runbook', 'test'])
    expect({code, stdout}).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^✓ passed {2}release {2}.*simulated, \d+ crash points\n2? ?.*passed, \d+ crash points\n$/s),
    })
    expect(await at.json(['runbook', 'test', join(at.home, 'runbooks/release.test.yaml')])).toMatchObject({code: 0, value: {failed: 0}})
  })

  it('takes the id of a runbook, as lint does; without a test of that name it says which file it looked for', async () => {
    write(test)
    expect(await at.json(['runbook', 'test', 'release'])).toMatchObject({code: 0, value: {failed: 0}})
    const {code, stderr} = await at.run(['runbook', 'test', 'relase'])
    expect([code, stderr]).toEqual([66, expect.stringMatching(/there is no test relase: .*relase\.test\.yaml in .*\n {2}scram runbook test\n$/)])
  })

  it('records nothing', async () => {
    expect((await at.run(['timeline'])).stdout).not.toContain('release')
    expect(await at.run(['resume'])).toMatchObject({code: 66})
  })

  it('exits 1 with what was expected and what came, 65 with the place of what does not check, 66 without a test', async () => {
    write(test.replace('outcome: done', 'outcome: parked'))
    const failed = await at.run(['runbook', 'test'])
    expect({code: failed.code, stdout: failed.stdout}).toEqual({
      code: 1,
      stdout: expect.stringMatching(/release\.test\.yaml:\d+:\d+ {2}`outcome`: expected parked, came done/),
    })
    write(test.replace('cases:', 'cases: 3\nx-was:'))
    expect(await at.run(['runbook', 'test'])).toMatchObject({
      code: 65,
      stdout: expect.stringMatching(/release\.test\.yaml:\d+:\d+ {2}E schema {2}`cases` wants a list/),
    })
    write(test.replace('runbook: release', 'runbook: releases'))
    expect(await at.run(['runbook', 'test'])).toMatchObject({code: 65, stdout: expect.stringContaining('no runbook releases')})
    expect(await at.run(['runbook', 'test', 'nope.test.yaml'])).toMatchObject({code: 66})
  })
})
