import {setTimeout as nap} from 'node:timers/promises'
import type {Bench} from '../../contracts/driver.ts'
import {calm, startChaos} from '../../servers/chaos.ts'
import {startHerokuPlatform} from '../../servers/heroku-platform.ts'
import {rodOf} from '../open-driver.ts'

/** The heroku-maintenance driver, through the chaos proxy, on the stand-in. */
export async function herokuBench(): Promise<Bench> {
  const secret = 'canary-51c0'
  const platform = await startHerokuPlatform(secret)
  const chaos = await startChaos(() => platform.port())
  const rod = rodOf(
    {driver: 'heroku-maintenance', with: {app: 'api-prod', token: 'env:HEROKU_API_KEY', base: `http://127.0.0.1:${chaos.port}`}},
    {secrets: {'env:HEROKU_API_KEY': secret}},
  )
  const app = platform.apps.get('api-prod')
  return {
    driver: await rod.driver(),
    positions: rod.positions,
    secret,
    effect: async () => (platform.visit('api-prod') === 503 ? 'inserted' : 'withdrawn'),
    writes: async () => platform.requests.filter(({method}) => method !== 'GET').length,
    async moveBehind(to) {
      if (app) app.maintenance = to === 'inserted'
    },
    async become(condition) {
      Object.assign(chaos.weather, calm)
      Object.assign(platform, {answer: null, token: secret, lies: false})
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
          platform.lies = true
          return
        case 'unintelligible':
          platform.answer = (_, response) => Boolean(response.writeHead(200, {'content-type': 'text/html; charset=utf-8'}).end('<h1>Please log in</h1>'))
          return
        case 'bad-credential':
          platform.token = 'another'
          return
        case 'no-such-target':
          platform.answer = (_, response) => Boolean(response.writeHead(404, {'content-type': 'application/json'}).end('{"id":"not_found"}'))
          return
        case 'restarted':
          await platform.stop()
          return platform.start()
        case 'well':
      }
    },
    async close() {
      for (let tries = 0; chaos.open() > 0 && tries < 100; tries++) await nap(10)
      const left = chaos.open()
      await chaos.close()
      await platform.stop()
      if (left > 0) throw new Error(`the driver left ${left} connections open`)
    },
  }
}
