import {setTimeout as nap} from 'node:timers/promises'
import type {Bench} from '../../contracts/driver.ts'
import {rodOf} from '../../rods/open-driver.ts'
import {calm, startChaos} from '../../servers/chaos.ts'
import {type Gateway, kind, startGateway} from './gateway.ts'
import {ADMIN_TOKEN, FLAGS, type FlagView, type Unleash} from './unleash.ts'

interface Setting {
  readonly inserted: 'disabled' | 'enabled'
  readonly positions?: readonly string[] | {readonly percent: {readonly step: number}}
  readonly create_strategy?: boolean
}

export interface UnleashBench extends Bench {
  readonly flag: string
  readonly gateway: Gateway
}

const BEHIND_MS = 10_000

/** The unleash driver on a flag of its own: driver → chaos proxy → gateway → Unleash. The rod is out. */
export async function unleashBench(
  unleash: Unleash,
  {inserted, positions = ['withdrawn', 'inserted'], create_strategy = false}: Setting,
): Promise<UnleashBench> {
  const flag = await unleash.createFlag()
  const environment = `${FLAGS}/${flag}/environments/development`
  const isShare = !Array.isArray(positions)
  const gateway = await startGateway(() => unleash.port())
  const chaos = await startChaos(() => gateway.port)
  const rod = rodOf(
    {
      driver: 'unleash',
      with: {url: `http://127.0.0.1:${chaos.port}`, flag, environment: 'development', token: 'file:/etc/unleash', inserted, create_strategy},
      positions,
    },
    {secrets: {'file:/etc/unleash': ADMIN_TOKEN}},
  )
  const change = async (method: string, path: string, body?: unknown) => {
    const answer = await unleash.ask(method, `${environment}${path}`, body)
    if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`)
  }
  if (inserted === 'disabled') await change('POST', '/on') // with the rollout at 100 % that Unleash makes of it

  return {
    flag,
    gateway,
    driver: await rod.driver(),
    positions: rod.positions,
    secret: ADMIN_TOKEN,
    // An SDK is told with a lag of up to a second: it counts when it has caught up.
    async effect() {
      for (const lastAt = Date.now() + BEHIND_MS; ; await nap(100)) {
        const told = positionIn(await unleash.told(flag))
        if (told === positionIn(await unleash.held(flag)) || Date.now() > lastAt) return told
      }
    },
    writes: async () => gateway.requests.filter(line => !line.startsWith('GET')).length,
    async moveBehind(to) {
      if (!isShare) return change('POST', (to === 'withdrawn') === (inserted === 'disabled') ? '/on' : '/off')
      const [strategy] = (await unleash.held(flag)).strategies
      const share = to === 'withdrawn' ? 0 : Number.parseInt(to, 10)
      await change('PATCH', `/strategies/${strategy?.id}`, [{op: 'replace', path: '/parameters/rollout', value: String(100 - share)}])
    },
    async become(condition) {
      Object.assign(chaos.weather, calm)
      Object.assign(gateway.mood, kind)
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
          gateway.mood.losesAnswers = true
          return
        case 'lying':
          gateway.mood.lies = true
          return
        case 'unintelligible':
          gateway.mood.isPage = true
          return
        case 'bad-credential':
          gateway.mood.token = () => 'default:development.nobody'
          return
        case 'no-such-target':
          gateway.mood.path = path => path.replace(flag, `${flag}-gone`)
          return
        case 'restarted':
          return unleash.restart()
        case 'well':
      }
    },
    async close() {
      for (let tries = 0; chaos.open() > 0 && tries < 100; tries++) await nap(10)
      const left = chaos.open()
      await chaos.close()
      await gateway.close()
      if (left > 0) throw new Error(`the driver left ${left} connections open`)
    },
  }

  function positionIn(view: FlagView | null): string {
    if (!view) return 'unknown'
    const isOut = view.enabled === (inserted === 'disabled')
    if (!isShare) return isOut ? 'withdrawn' : 'inserted'
    const refused = 100 - (view.enabled ? Number(view.strategies[0]?.parameters.rollout) : 0)
    return refused === 0 ? 'withdrawn' : `${refused}%`
  }
}
