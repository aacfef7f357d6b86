import {describe, expect, it} from '@jest/globals'
import {resolveIncident} from '../../src/actions/resolve-incident.ts'
import {bareWorkspace, memoryDesk} from './memory-desk.ts'

describe('a rod that is left in', () => {
  it.each([0, -1000, 72 * 3_600_000 + 1])('has a new expiry that any rod may have, not %d ms', async expires => {
    const desk = memoryDesk([], {workspace: bareWorkspace(null)})
    await expect(resolveIncident(desk, {text: 'Fixed.', leaveIn: ['api'], expires, why: 'migration'})).rejects.toMatchObject({
      code: 'usage.invalid',
      message: expect.stringContaining('72h'),
    })
  })
})
