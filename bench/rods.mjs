/**
 * What scram adds to a rod's own calls, and what a bank of twenty costs beside its slowest rod, on a real HTTP switch.
 *   node bench/rods.mjs [rounds]
 * insert: `insertRod` against the same reads, call, read-back and looks made bare, in pairs; target: at most 50 ms more.
 * bank: `tripBank` of 20 rods whose users see the switch after 300 to 1,000 ms, against the slowest of them alone; ≤ 1.5×.
 */
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:http'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {insertRod} from '../src/actions/insert-rod.ts'
import {tripBank} from '../src/actions/trip-bank.ts'
import {withdrawRod} from '../src/actions/withdraw-rod.ts'
import {makeDesk} from '../src/cli/desk.ts'
import {systemClock} from '../src/lib/clock.ts'
import {observe, readAll} from '../src/rods/observe.ts'

const ROUNDS = Number(process.argv[2] ?? 30)
const BANK = 20
const {signal} = new AbortController()
const folder = mkdtempSync(join(tmpdir(), 'scram-bench-'))

/** name → position, and when users see it. */
const switches = new Map()
const server = createServer((request, response) => {
  let body = ''
  request.on('data', chunk => {
    body += chunk
  })
  request.on('end', () => {
    const [, side, name] = request.url.split('/')
    const one = switches.get(name) ?? {position: 'withdrawn', shown: 'withdrawn', lagMs: 0}
    switches.set(name, one)
    if (side === 'app') return response.writeHead(one.shown === 'withdrawn' ? 200 : 503).end()
    if (request.method === 'PUT') {
      one.position = JSON.parse(body).position
      setTimeout(position => Object.assign(one, {shown: position}), one.lagMs, one.position)
    }
    return response.writeHead(200, {'content-type': 'application/json'}).end(JSON.stringify({position: one.position}))
  })
})
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
const url = `http://127.0.0.1:${server.address().port}`

const ids = Array.from({length: BANK}, (_, i) => `rod-${i}`)
for (const [i, id] of ids.entries()) switches.set(id, {position: 'withdrawn', shown: 'withdrawn', lagMs: 300 + Math.round((700 * i) / (BANK - 1))})
const rod = (id, verify) => `  ${id}:
    {title: T, what: W, spares: S, driver: http, cooldown: 0s, verify: ${verify},
     with: {set: {method: PUT, url: "${url}/admin/${id}", json: {position: "{value}"}}, get: {url: "${url}/admin/${id}", json: $.position}},
     probe: {http: {url: "${url}/app/${id}", expect: {withdrawn: {status: 200}, inserted: {status: 503}}}}}`
writeFileSync(
  join(folder, 'scram.yaml'),
  [
    'scram: 1',
    'rods:',
    rod('plain', '{timeout: 5s, every: 1ms, consecutive: 3}'),
    ...ids.map(id => rod(id, '{timeout: 5s, every: 50ms, consecutive: 3}')),
    'banks:',
    `  all: {title: All, waves: [${JSON.stringify(ids)}]}`,
    '',
  ].join('\n'),
)
process.env.SCRAM_HOME = join(folder, 'record')
const desk = makeDesk({workspace: folder, json: true, narrate: () => {}})
const median = values => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
const timed = async work => {
  const before = performance.now()
  await work()
  return performance.now() - before
}
const plain = await (await desk.rods()).get('plain')

/** The same calls without record, lease and rules. */
async function bare(to) {
  const {driver, probes} = await observe(plain, signal, systemClock)
  await driver.set(to, {target: '', signal, why: 'bench', fence: 0})
  await readAll(driver, signal, systemClock)
  for (let agreed = 0; agreed < 3; agreed += 1) {
    await probes[0].look(signal, to)
    if (agreed < 2) await systemClock.sleep(1, signal)
  }
}

const extra = []
for (let round = 0; round < ROUNDS; round += 1) {
  const alone = await timed(() => bare('inserted'))
  await bare('withdrawn')
  const recorded = await timed(() => insertRod(desk, {rod: 'plain', why: 'bench'}, signal))
  await withdrawRod(desk, {rod: 'plain', why: 'bench'}, signal)
  if (round > 0) extra.push(recorded - alone)
}
console.log(
  `insert: ${median(extra).toFixed(1)} ms beyond the driver's own calls (median of ${extra.length}, most ${Math.max(...extra).toFixed(1)} ms; budget 50 ms)`,
)

const ratios = []
for (let round = 0; round < 5; round += 1) {
  const slowest = await timed(() => insertRod(desk, {rod: ids.at(-1), why: 'bench'}, signal))
  await withdrawRod(desk, {rod: ids.at(-1), why: 'bench'}, signal)
  const bank = await timed(() => tripBank(desk, {bank: 'all', why: 'bench', yes: true}, signal))
  await Promise.all(ids.map(id => withdrawRod(desk, {rod: id, why: 'bench'}, signal)))
  ratios.push(bank / slowest)
}
console.log(`bank of ${BANK}: ${median(ratios).toFixed(2)}x its slowest rod (${ratios.map(ratio => ratio.toFixed(2)).join(' ')}; budget 1.5x)`)

await desk.close()
server.close()
server.closeAllConnections()
rmSync(folder, {recursive: true})
