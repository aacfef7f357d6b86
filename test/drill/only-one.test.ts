import {describe, expect, it} from '@jest/globals'
import {holdDrillPlace} from '../../src/drill/only-one.ts'

describe('the place of the one drill', () => {
  it('is held by one at a time and free again afterwards', async () => {
    const name = `scram-drill-test-${process.pid}`
    const leave = await holdDrillPlace(name)
    await expect(holdDrillPlace(name)).rejects.toMatchObject({code: 'drill.busy'})
    leave()
    const again = await holdDrillPlace(name)
    again()
  })
})
