import {spawnSync} from 'node:child_process'
import {createServer, type Server} from 'node:http'
import type {AddressInfo} from 'node:net'
import {afterAll, beforeAll, describe, it as everywhere, expect} from '@jest/globals'
import fc from 'fast-check'
import {type Browser, type BrowserContextOptions, chromium} from 'playwright-core'
import {buildPage} from '../../src/page/build.ts'
import {prose} from '../../src/page/prose.ts'
import {publicBody, publicLine} from '../../src/page/public-text.ts'
import {requireTool} from '../servers/require-tool.ts'
import {CORPUS} from './hostile-corpus.ts'
import {model, Record, routing, slowDashboard} from './record.ts'

const it = requireTool('chromium')
const FORBIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/
const PER_PAGE = 140

/** Each text as title, body, name of a component and of a group, and the page's own name. */
function hostileBuild(texts: readonly string[]): ReadonlyMap<string, string> {
  const records = texts.map((text, i) => {
    const record = new Record(`h-${i}`).opened('09:00', text).update(`09:${String(i % 60).padStart(2, '0')}`, 'investigating', text)
    record.event('update.amended', '10:00', {update: record.last, number: 1, body: `${text}.`})
    return i % 3 === 0 ? record.event('incident.resolved', '10:30', {}) : record.event('headline.set', '10:10', {text})
  })
  const components = texts.slice(0, 30).map((text, i) => ({id: `c-${i}`, name: text, description: text, group: `g-${i % 3}`, isPublic: true}))
  const groups = texts.slice(0, 3).map((name, i) => ({id: `g-${i}`, name, description: name}))
  return buildPage(model(records, {page: {name: texts[0] ?? '', url: null}, components, groups}))
}

const builds = Array.from({length: Math.ceil(CORPUS.length / PER_PAGE)}, (_, i) => hostileBuild(CORPUS.slice(i * PER_PAGE, (i + 1) * PER_PAGE)))
const ordinary = buildPage(model([routing(), slowDashboard()]))

describe('hostile text', () => {
  everywhere('is five hundred pieces at least', () => expect(CORPUS.length).toBeGreaterThanOrEqual(500))

  everywhere('leaves no control, bidi or illegal character in any file, and JSON that parses', () => {
    for (const build of builds) {
      for (const [path, content] of build) {
        expect([path, FORBIDDEN.exec(content)?.[0]]).toEqual([path, undefined])
        expect([path, content.isWellFormed()]).toEqual([path, true])
        if (path.endsWith('.json')) JSON.parse(content)
      }
    }
  })

  everywhere('of any kind stays text: only the elements and attributes we write are there', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({unit: 'binary'}), fc.constantFrom(...CORPUS), fc.stringMatching(/^[<>"'&=/a-z :\n]{0,40}$/)), text => {
        const html = prose(publicBody(text))
          .map(piece => piece.html)
          .join('')
        const left = html.replace(/<p dir="auto">|<\/p>|<br>|<\/a>/g, '').replace(/<a href="https?:\/\/[^"<>]*" rel="nofollow noopener">/g, '')
        expect(left).not.toMatch(/[<>"']/)
        expect(left.replace(/&(amp|lt|gt|quot|#39);/g, '')).not.toContain('&')
        expect(publicLine(text, 'x')).toMatch(/^\S(.*\S)?$/u)
      }),
    )
  })
})

describe('a real browser', () => {
  let server: Server
  let browser: Browser
  let url: string
  let files = ordinary
  const asked: string[] = []

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.url ?? '')
      const path = (request.url ?? '/').slice(1)
      const content = [path, path === '' ? 'index.html' : `${path}/index.html`].map(each => files.get(each)).find(each => each !== undefined)
      response.writeHead(content === undefined ? 404 : 200, {'content-type': 'text/html; charset=utf-8'}).end(content)
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const executablePath = spawnSync('sh', ['-c', 'command -v chromium'], {encoding: 'utf8'}).stdout.trim()
    if (executablePath !== '') browser = await chromium.launch({executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking']})
  }, 30_000)

  afterAll(async () => {
    await browser?.close()
    await new Promise(resolve => server.close(resolve))
  })

  /** What a look at one address showed. The expression runs in the page. */
  async function look<T>(path: string, options: BrowserContextOptions, expression: string): Promise<{complaints: string[]; asked: string[]; found: T}> {
    const context = await browser.newContext(options)
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', message => complaints.push(message.text()))
    page.on('pageerror', error => complaints.push(error.message))
    page.on('request', request => request.url().startsWith(url) || complaints.push(request.url()))
    page.on('dialog', dialog => {
      complaints.push(`dialog ${dialog.message()}`)
      void dialog.dismiss()
    })
    asked.length = 0
    await page.goto(`${url}${path}`, {waitUntil: 'load'})
    const found = (await page.evaluate(expression)) as T // each caller knows what its expression gives
    await context.close()
    return {complaints, asked: [...asked], found}
  }

  /** Everything in the document that could act, point elsewhere, or that text has put out of its place. */
  const ACTIVE = `(() => {
    const all = [...document.querySelectorAll('*')]
    const ids = all.map(e => e.id).filter(Boolean)
    return {
      elements: [...new Set(all.map(e => e.localName))].filter(n => !/^(html|head|meta|title|link|style|body|a|svg|symbol|circle|path|use|header|nav|main|div|h[1-3]|p|time|section|ol|ul|li|strong|span|br|details|summary|article|dl|dt|dd|footer)$/.test(n)),
      attributes: [...new Set(all.flatMap(e => [...e.attributes].map(a => a.name)))].filter(n => /^on|^style$|^src/.test(n)),
      links: [...document.querySelectorAll('a')].map(a => a.protocol + (a.username && 'user')).filter(p => !/^https?:$/.test(p)),
      body: [...document.body.children].map(e => e.localName).join(' '),
      counts: [document.querySelectorAll('style').length, document.querySelectorAll('h1').length, document.querySelectorAll('meta[http-equiv]').length],
      twins: ids.length - new Set(ids).size,
    }
  })()`
  const INERT = {elements: [], attributes: [], links: [], body: 'a svg header main footer', counts: [1, 1, 1], twins: 0}

  it('finds nothing active in any of it, on the front page, on incident pages, in the history', async () => {
    for (const build of builds) {
      files = build
      const incidents = [...build.keys()].filter(path => path.startsWith('incidents/')).slice(0, 1)
      for (const path of ['/', '/history/2026-03', ...incidents.map(each => `/${each.replace('/index.html', '')}`)]) {
        expect([path, await look(path, {}, ACTIVE)]).toEqual([path, {complaints: [], asked: [path], found: INERT}])
      }
    }
  }, 60_000)

  it('asks for one thing, the page, and says all of it without JavaScript', async () => {
    files = ordinary
    for (const path of [...ordinary.keys()].filter(each => each.endsWith('index.html'))) {
      const address = `/${path.replace(/\/?index\.html$/, '')}`
      const seen = await look<string>(address, {javaScriptEnabled: false}, 'document.body.innerText')
      expect([seen.complaints, seen.asked]).toEqual([[], [address]])
      expect(seen.found.length).toBeGreaterThan(40)
    }
  }, 30_000)

  it('never scrolls sideways at 320 pixels, whatever the text', async () => {
    for (const build of [ordinary, ...builds]) {
      files = build
      const {found} = await look<number>('/', {viewport: {width: 320, height: 640}}, 'document.documentElement.scrollWidth')
      expect(found).toBeLessThanOrEqual(320)
    }
  }, 30_000)

  it('shows every text with enough contrast, in light and in dark', async () => {
    files = ordinary
    for (const colorScheme of ['light', 'dark'] as const) {
      const {found} = await look<readonly string[]>('/', {colorScheme}, CONTRAST)
      expect([colorScheme, found]).toEqual([colorScheme, []])
    }
  }, 30_000)

  /** Texts whose colour has less than 4.5:1 against the nearest ground behind them (WCAG 2.2, 1.4.3). */
  const CONTRAST = `(() => {
    const parse = c => c.match(/[\\d.]+/g).map(Number)
    const light = c => { const [r, g, b] = parse(c).map(v => { v /= 255; return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4 }); return .2126 * r + .7152 * g + .0722 * b }
    const ground = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (parse(c)[3] !== 0) return c } return 'rgb(255,255,255)' }
    const low = []
    for (const e of document.querySelectorAll('body *')) {
      if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) || e.closest('.skip')) continue
      const a = light(getComputedStyle(e).color), b = light(ground(e))
      const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05)
      if (ratio < 4.5) low.push(e.className + ' ' + e.textContent.slice(0, 20) + ' ' + ratio.toFixed(2))
    }
    return low
  })()`
})
