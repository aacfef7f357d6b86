import {get} from 'node:http'
import {setTimeout as nap} from 'node:timers/promises'
import type {Bench} from '../../contracts/driver.ts'
import {startAdminApi} from '../../servers/admin-api.ts'
import {calm, startChaos} from '../../servers/chaos.ts'
import {rodOf} from '../open-driver.ts'

export const VALUES = {withdrawn: 0, four: 4, one: 1}
const EFFECT: Readonly<Record<number, string>> = {200: 'withdrawn', 429: 'four', 503: 'one'}

/** The http driver, through the chaos proxy, on a real admin API. */
export async function httpBench({if_match = false} = {}): Promise<Bench> {
  const secret = 'canary-7f3a'
  const api = await startAdminApi(secret)
  const chaos = await startChaos(() => api.port())
  const url = `http://127.0.0.1:${chaos.port}/admin/limit`
  const headers = {Authorization: 'Bearer env:API_TOKEN'}
  const rod = rodOf(
    {
      positions: ['withdrawn', 'four', 'one'],
      with: {set: {method: 'PUT', url, headers, json: {limit: '{value}', why: '{why}'}}, get: {url, headers, json: '$.limit'}, values: VALUES, if_match},
    },
    {secrets: {'env:API_TOKEN': secret}},
  )
  return {
    driver: await rod.driver(),
    positions: rod.positions,
    secret,
    effect: async () => EFFECT[await statusOf(`http://127.0.0.1:${api.port()}/app`)] ?? 'unknown',
    writes: async () => api.requests.filter(request => request.method !== 'GET').length,
    async moveBehind(to) {
      api.limit = VALUES[to as keyof typeof VALUES]
      api.etag++
    },
    async become(condition) {
      Object.assign(chaos.weather, calm)
      api.answer = null
      api.token = secret
      switch (condition) {
        case 'down':
          return chaos.close()
        case 'silent':
          chaos.weather.blackhole = true
          return
        case 'dripping':
          Object.assign(chaos.weather, {bytesPerSecond: 20, sliceTo: 1})
          return
        case 'reset':
          chaos.weather.resetOnAccept = true
          return
        case 'reply-lost':
          chaos.weather.resetAfter = 0
          return
        case 'lying':
          api.answer = ({method}, response) => method !== 'GET' && Boolean(response.writeHead(200, {'content-type': 'application/json'}).end('{}'))
          return
        case 'unintelligible':
          api.answer = (_, response) => Boolean(response.writeHead(200, {'content-type': 'text/html; charset=utf-8'}).end('<h1>Please log in</h1>'))
          return
        case 'bad-credential':
          api.token = 'another'
          return
        case 'no-such-target':
          api.answer = (_, response) => Boolean(response.writeHead(404, {'content-type': 'application/json'}).end('{"error":"no such app"}'))
          return
        case 'restarted':
          await api.stop()
          return api.start()
        case 'well':
      }
    },
    async close() {
      for (let tries = 0; chaos.open() > 0 && tries < 100; tries++) await nap(10)
      const left = chaos.open()
      await chaos.close()
      await api.stop()
      if (left > 0) throw new Error(`the driver left ${left} connections open`)
    },
  }
}

/** A connection of its own each time: the bench counts those the driver leaves behind. */
function statusOf(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, {agent: false}, response => resolve(response.resume().statusCode ?? 0)).on('error', reject)
  })
}
