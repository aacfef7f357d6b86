import {describe, expect, it} from '@jest/globals'
import {planRod} from '../../src/rods/plan-rod.ts'
import {rodOf} from './open-driver.ts'

const set = {
  method: 'PUT',
  url: 'https://api.example.com/admin?by=scram',
  headers: {Authorization: 'Bearer env:TOKEN'},
  json: {limit: '{value}', note: 'scram: {why}'},
}
const probe = {
  http: {url: 'https://api.example.com/apps', method: 'GET', headers: {}, timeout: 500, expect: {withdrawn: {status: 200}, inserted: {status: 503}}},
}

describe('opening a rod', () => {
  it('shows what it is without touching driver, secrets or probe', () => {
    const rod = rodOf({driver: 'no-such-driver', component: ['api'], positions: {percent: {step: 50}}, public_note: 'On purpose.'})
    expect(rod).toMatchObject({id: 'api-maintenance', components: ['api'], fullyIn: '100%', expiresMs: 7_200_000, publicNote: 'On purpose.'})
    expect(rod.verify).toEqual({timeoutMs: 1000, everyMs: 5, consecutive: 2})
    expect(rod.noProbeBecause).toBe('the test looks itself')
  })

  it('names the nearest driver where there is none of that name', async () => {
    await expect(rodOf({driver: 'htpp'}).driver()).rejects.toMatchObject({code: 'config.invalid', message: 'driver: there is no driver "htpp"; nearest: http'})
    await expect(rodOf({driver: 'constructor'}).driver()).rejects.toMatchObject({code: 'config.invalid'})
  })

  it('gives each wrong option its place', async () => {
    const opening = rodOf({with: {set: {...set, method: 'FETCH', url: 'ftp://x'}, retries: 3}}).driver()
    await expect(opening).rejects.toMatchObject({
      code: 'config.invalid',
      message: expect.stringMatching(/^with\.set\.method: [\s\S]*^with\.set\.url: must be an http[\s\S]*^with: .*retries/m),
    })
  })

  it('a secret that is missing is known before anything is sent', async () => {
    await expect(rodOf({with: {set}}).driver()).rejects.toMatchObject({code: 'secret.missing'})
  })

  it('plans with references, never with secrets', async () => {
    const rod = rodOf({with: {set}, probe}, {secrets: {'env:TOKEN': 'canary-4'}})
    expect(await planRod(rod, 'inserted')).toEqual([
      'PUT https://api.example.com/admin?by=scram  Authorization: Bearer env:TOKEN  {"limit":"inserted","note":"scram: {why}"}',
      'then GET https://api.example.com/apps, until it shows inserted 2 times in a row, at most 1 s',
    ])
  })
})
