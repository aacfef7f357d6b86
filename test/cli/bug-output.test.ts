import {spawnSync} from 'node:child_process'
import {join} from 'node:path'
import {describe, expect, it} from '@jest/globals'

/** Of no known pattern: only who resolved it can know it. */
const CANARY = 'brown canary 41'

function bug(...argv: readonly string[]) {
  const env = {PATH: process.env['PATH'], HOME: '/nonexistent', DEBUG: '1', CANARY}
  return spawnSync(process.execPath, [join(import.meta.dirname, 'throw-a-secret.ts'), 'env:CANARY', ...argv], {env, encoding: 'utf8'})
}

describe('a bug', () => {
  it('shows its stack under DEBUG, and of a secret this process resolved neither value nor base64', () => {
    const {status, stdout, stderr} = bug()
    expect(status).toBe(70)
    expect(stderr).toContain('cannot read [redacted:secret] of undefined')
    expect(stderr).toContain('throw-a-secret.ts:') // the stack
    expect(stdout + stderr).not.toContain(CANARY)
    expect(stdout + stderr).not.toContain(Buffer.from(`user:${CANARY}`).toString('base64').slice(8, -4))
  })

  it('says no more as JSON', () => {
    const {status, stdout, stderr} = bug('--json')
    expect(status).toBe(70)
    expect(JSON.parse(stdout)).toMatchObject({error: {code: 'bug', message: 'a bug in scram: cannot read [redacted:secret] of undefined'}})
    expect(stdout + stderr).not.toContain(CANARY)
  })
})
