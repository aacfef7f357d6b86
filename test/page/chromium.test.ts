import {spawnSync} from 'node:child_process'
import {createServer, type Server} from 'node:http'
import type {AddressInfo} from 'node:net'
import {afterAll, beforeAll, describe, expect} from '@jest/globals'
import {type Browser, chromium} from 'playwright-core'
import {emptyBoard} from '../../src/incident/board-state.ts'
import {decide} from '../../src/incident/decide.ts'
import type {Recorded} from '../../src/incident/events.ts'
import {fold} from '../../src/incident/evolve.ts'
import type {Intention} from '../../src/incident/intentions.ts'
import type {IncidentState} from '../../src/incident/state.ts'
import {DEFAULT_CADENCE_MS} from '../../src/incident/words.ts'
import {buildPage} from '../../src/page/build.ts'
import {pageModel} from '../../src/page/model.ts'
import {requireTool} from '../servers/require-tool.ts'

const it = requireTool('chromium')
const ID = '1124-k7qm2v9xhe4a'
const HOSTILE = '<img src=x onerror=alert(1)> </p><script>alert(2)</script> javascript:alert(3) "onload=alert(4)" \u202e https://example.com/?q=<b>'

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

describe('the page in a browser', () => {
  let server: Server
  let browser: Browser
  let url: string
  const asked: string[] = []
  const files = buildPage(model())

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.url ?? '')
      const path = (request.url ?? '/').replace(/^\//, '').replace(/\/$/, '/index.html') || 'index.html'
      const content = files.get(path)
      response
        .writeHead(content === undefined ? 404 : 200, {'content-type': path.endsWith('.json') ? 'application/json' : 'text/html; charset=utf-8'})
        .end(content)
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const executablePath = spawnSync('sh', ['-c', 'command -v chromium'], {encoding: 'utf8'}).stdout.trim()
    browser = await chromium.launch({executablePath, args: FLAGS})
  }, 30_000)

  afterAll(async () => {
    await browser?.close()
    await new Promise(resolve => server.close(resolve))
  })

  it('is one request, shows the incident, and breaks no rule of its own policy', async () => {
    const page = await browser.newPage()
    const complaints: string[] = []
    page.on('console', message => complaints.push(message.text()))
    page.on('pageerror', error => complaints.push(error.message))
    page.on('dialog', dialog => {
      complaints.push(`dialog ${dialog.message()}`)
      void dialog.dismiss()
    })
    asked.length = 0
    await page.goto(url, {waitUntil: 'load'})
    expect(asked).toEqual(['/'])
    expect(complaints).toEqual([])
    expect(await page.locator('h1').count()).toBe(1)
    expect(await page.locator('main').textContent()).toContain('alert(2)')
    expect(await page.locator('main script, main img').count()).toBe(0)
    await page.close()
  }, 30_000)

  it('says all of it without JavaScript and fits 320 pixels', async () => {
    const context = await browser.newContext({javaScriptEnabled: false, viewport: {width: 320, height: 700}})
    const page = await context.newPage()
    await page.goto(url)
    expect(await page.locator('main').textContent()).toContain('Requests fail')
    await context.close()
    const narrow = await browser.newPage({viewport: {width: 320, height: 700}})
    await narrow.goto(url)
    expect(await narrow.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320)
    await narrow.close()
  }, 30_000)
})

function model() {
  const components = [{id: 'api', name: 'API', isPublic: true}]
  const page = {name: 'Example Cloud', url: null}
  return pageModel({page, groups: [], components, incidents: [incident()], revision: 3, day: '2026-11-24', stopped: false})
}

/** Decided and folded by the core itself: what the page is made from is what a command would have recorded. */
function incident(): IncidentState {
  const open: Intention = {
    intend: 'open',
    title: `Requests fail ${HOSTILE}`.slice(0, 250),
    severity: 'SEV1',
    components: {api: 'major_outage'},
    text: HOSTILE,
    actor: 'ic',
  }
  const now = Date.parse('2026-11-24T10:00:00.000Z')
  const decision = decide({incident: null, board: emptyBoard(), now, components: ['api'], cadenceMs: DEFAULT_CADENCE_MS}, open)
  if (decision.refused) throw new Error(decision.message)
  const at = new Date(now).toISOString()
  const recorded = decision.events.map(
    (event, i): Recorded => ({
      v: 1, id: `0199-${i}`, incident: ID, origin: 'a', epoch: 1, seq: i + 1, prev: '', hash: '', hlc: [now, i], at, recorded: at, actor: {name: 'ic', kind: 'person'}, ...event,
    }), // biome-ignore format: an envelope at a look
  )
  return fold(ID, recorded)
}
