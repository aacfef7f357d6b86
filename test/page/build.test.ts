import {spawnSync} from 'node:child_process'
import {createHash} from 'node:crypto'
import {gzipSync} from 'node:zlib'
import {describe, expect, it} from '@jest/globals'
import type {ComponentStatus, PublicStatus} from '../../src/incident/words.ts'
import {buildPage} from '../../src/page/build.ts'
import {MANIFEST} from '../../src/page/manifest.ts'
import {publicId} from '../../src/page/public-id.ts'
import {STYLE} from '../../src/page/style.ts'
import {model, Record, routing, slowDashboard} from './record.ts'

const files = buildPage(model([routing(), slowDashboard()]))
const sha256 = (text: string, form: 'hex' | 'base64' = 'hex') => createHash('sha256').update(text).digest(form)

describe('a build', () => {
  it('describes itself: every file with its digest, and one over all of them', () => {
    const manifest = JSON.parse(files.get(MANIFEST) ?? '')
    expect(Object.keys(manifest)).toEqual(['v', 'page', 'as_of', 'state', 'heads', 'revision', 'head', 'root', 'files', 'next_update_at', 'expected_by'])
    expect(Object.keys(manifest.files).toSorted()).toEqual([...files.keys()].filter(path => path !== MANIFEST).toSorted())
    for (const [path, {sha256: digest, bytes}] of Object.entries<{sha256: string; bytes: number}>(manifest.files)) {
      const content = files.get(path) ?? ''
      expect([path, digest, bytes]).toEqual([path, sha256(content), Buffer.byteLength(content)])
    }
    expect(manifest).toMatchObject({revision: 1842, as_of: '2026-03-14T09:41:00.000Z', next_update_at: '2026-03-14T10:00:00.000Z', expected_by: null})
  })

  it('puts nothing before what it points at: front page and manifest last, status.json last of the JSON', () => {
    const order = [...files.keys()]
    expect(order.slice(-3)).toEqual(['api/v2/status.json', 'index.html', MANIFEST])
    for (const [path, content] of files) {
      for (const [, link = ''] of content.matchAll(/href="\/([^"#]*)/g)) {
        const target = [link, link === '' ? 'index.html' : `${link}/index.html`].find(each => files.has(each))
        expect([path, link, target]).toEqual([path, link, expect.any(String)])
      }
    }
  })

  it('leaves the page of an incident that is over byte for byte as it was', () => {
    const path = `incidents/${publicId('incident', '0202-dashboard')}/index.html`
    expect(buildPage(model([slowDashboard()], {revision: 9, day: '2026-04-01'})).get(path)).toBe(files.get(path))
  })

  it('says nothing new when an incident is closed, unless somebody had reopened it meanwhile', () => {
    const again = {why: 'it is back', title: 'Slow dashboard', severity: 'SEV1', openedAt: '2026-02-02T14:00:00.000Z'} as const
    const reopened = () => slowDashboard().event('incident.reopened', '18:05', again)
    const bytes = (record: Record) => JSON.stringify([...buildPage(model([record]))])
    expect(bytes(slowDashboard().event('incident.closed', '18:10', {}))).toBe(bytes(slowDashboard()))
    expect(bytes(reopened().event('incident.closed', '18:10', {}))).not.toBe(bytes(reopened()))
  })

  it('is the same on a machine with another time zone and language', () => {
    const script = `import {buildPage} from './src/page/build.ts'; import {model, routing, slowDashboard} from './test/page/record.ts'
      process.stdout.write(JSON.parse(buildPage(model([routing(), slowDashboard()])).get('scram.json')).root)`
    const env = {PATH: process.env['PATH'], TZ: 'Asia/Kathmandu', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8'}
    const {stdout} = spawnSync(process.execPath, ['--input-type=module', '-e', script], {env, encoding: 'utf8'})
    expect(stdout).toBe(JSON.parse(files.get(MANIFEST) ?? '').root)
  })
})

describe('the front page', () => {
  const html = files.get('index.html') ?? ''

  it('asks for nothing from anywhere: no script, no style but its own, no address that is fetched', () => {
    for (const [path, content] of files) {
      if (!path.endsWith('.html')) continue
      expect([path, content.match(/<script|<img|<iframe|<object|<embed|<base|\ssrc=|@import|url\(|\sstyle=|<form/i)]).toEqual([path, null])
      expect([path, [...content.matchAll(/<link [^>]*>/g)].map(String)]).toEqual([path, ['<link rel="icon" href="data:,">']])
    }
  })

  it('is allowed by its own policy: the hash is that of the one style sheet', () => {
    expect(/<style>([\s\S]*?)<\/style>/.exec(html)?.[1]).toBe(STYLE)
    expect(html).toContain(`style-src 'sha256-${sha256(STYLE, 'base64')}'`)
    expect(html).toContain("default-src 'none'")
  })

  it('says first what is so now, then what is done about it, then the parts, then the past', () => {
    const order = [
      ' Minor Service Outage<',
      'As of ',
      'HTTP routing errors',
      'Next update by ',
      'Most requests succeed',
      '>Components<',
      '>Past incidents<',
      'This page as JSON',
    ]
    const places = order.map(text => html.indexOf(text, html.indexOf('<main')))
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    expect(places).not.toContain(-1)
  })

  it("shows the operator's headline above the computed line, and never instead of it", () => {
    const page = buildPage(model([routing().event('headline.set', '09:45', {text: 'Requests in <EU> fail'})]))
    expect(page.get('index.html')).toMatch(/<h1[^>]*>.*Requests in &lt;EU&gt; fail<\/h1><p>Minor Service Outage<\/p>/)
    expect(JSON.parse(page.get('api/v2/status.json') ?? '').status.description).toBe('Minor Service Outage')
  })

  it('writes every time whole, in UTC', () => {
    for (const [, machine, words] of html.matchAll(/<time datetime="([^"]+)">([^<]+)<\/time>/g)) {
      if (machine?.length !== 10) expect(words).toMatch(/UTC$/)
    }
    expect(html).toContain('<time datetime="2026-03-14T09:41:00Z">14 Mar 2026, 09:41:00 UTC</time>')
  })

  it('opens the groups in trouble and folds the others', () => {
    expect(html).toContain('<details open>')
    expect(buildPage(model([])).get('index.html')).toContain('<details><summary>')
  })

  it('names the days of trouble in words', () => {
    // 17 minutes of major outage in 41 days: 1,020 s of 3,542,400 s are 0.0288 %.
    expect(html).toContain('aria-label="Request Routing: 99.971 % uptime over 41 days, 1 day not fully operational: 14 Mar major outage"')
    expect(html).toContain('aria-label="Dashboard: 100 % uptime over 41 days, 1 day not fully operational: 2 Feb degraded performance"')
  })

  it('hides a part that is only shown in trouble, and shows it then', () => {
    const hidden = {components: [{id: 'api', name: 'Rare API', isPublic: true, onlyShowIfDegraded: true}]}
    expect(buildPage(model([], hidden)).get('index.html')).not.toContain('Rare API')
    expect(buildPage(model([routing()], hidden)).get('index.html')).toContain('Rare API')
  })

  it('says that a day was quiet, and never of one that was not', () => {
    expect(html.match(/No incidents reported\./g)?.length).toBe(13)
    expect(html.match(/<h3>/g)?.length).toBe(14)
  })

  it('cuts a long text and a long timeline, with a way to the rest', () => {
    const long = new Record('l').opened('09:00', 'Long').update('09:00', 'investigating', 'word '.repeat(4000))
    for (let i = 0; i < 24; i++) long.update(`10:${10 + i}`, 'identified', `Step ${i}.`)
    const page = buildPage(model([long])).get('index.html') ?? ''
    expect(page).toContain('5 earlier updates')
    const big = buildPage(model([new Record('b').opened('09:00', 'Big').update('09:00', 'investigating', '<'.repeat(25_000))]))
    expect(big.get('index.html')).toContain('Read the whole update')
    expect((big.get('index.html') ?? '').length).toBeLessThan(40_000)
  })
})

describe('the size of it, with forty components of different names and nine updates', () => {
  const words = 'region cluster ingest mail voice search billing export webhook queue cache vault login audit media label relay proxy index batch'.split(' ')
  const statuses: readonly ComponentStatus[] = ['operational', 'degraded_performance', 'partial_outage', 'major_outage', 'under_maintenance']
  const components = Array.from({length: 40}, (_, i) => ({
    id: `c-${i}`, isPublic: true, group: `g-${i % 5}`, startDate: '2025-11-03', name: `${words[i % 20]} ${words[(i * 7 + 3) % 20]} ${sha256(`${i}`).slice(0, 4)}`,
    description: `Takes ${words[(i * 3 + 1) % 20]} from ${words[(i * 11 + 5) % 20]} to ${words[(i * 13 + 2) % 20]} ${sha256(`d${i}`).slice(0, 6)}`,
  })) // biome-ignore format: a table of forty
  const groups = Array.from({length: 5}, (_, i) => ({id: `g-${i}`, name: `Group of ${words[i * 4]}`}))
  const open = new Record('0314-size').opened('06:00', 'Several regions answer slowly or not at all')
  const steps: readonly PublicStatus[] = [
    'investigating',
    'identified',
    'identified',
    'identified',
    'identified',
    'identified',
    'monitoring',
    'monitoring',
    'monitoring',
  ]
  steps.forEach((status, i) => {
    const at = `0${6 + Math.floor(i / 2)}:${i % 2 === 0 ? '05' : '40'}`
    open.set(at, {[`c-${i * 4}`]: statuses[(i % 4) + 1] ?? 'operational'})
    open.update(at, status, Array.from({length: 40}, (_, w) => `${words[(w * 7 + i * 5) % 20]}${w % 6 === 0 ? sha256(`${i}.${w}`).slice(0, 5) : ''}`).join(' '))
  })
  const past = Array.from({length: 8}, (_, i) => {
    const day = new Date(Date.parse('2026-03-02') + i * 86_400_000).toISOString().slice(0, 10)
    return new Record(`past-${i}`, day).opened('09:00', `Past ${words[i]} ${sha256(day).slice(0, 5)}`).set('09:00', {[`c-${i * 3}`]: 'partial_outage'})
      .update('09:05', 'investigating', `We look into ${words[i + 3]}.`).set('10:00', {[`c-${i * 3}`]: 'operational'}).update('10:00', 'resolved', `Repaired ${words[i + 5]}.`).event('incident.resolved', '10:00', {}) // biome-ignore format: one
  })
  const page = buildPage(model([open, ...past], {components, groups}))
  const gz = (path: string) => gzipSync(page.get(path) ?? '', {level: 9}).length

  it('is at most 14 KB for the front page, compressed: the first flight of packets', () => expect(gz('index.html')).toBeLessThanOrEqual(14 * 1024))
  it('is at most 5 KB for summary.json, compressed', () => expect(gz('api/v2/summary.json')).toBeLessThanOrEqual(5 * 1024))
  it('is at most 4 KB for the style sheet', () => expect(Buffer.byteLength(STYLE)).toBeLessThanOrEqual(4096))

  it('is at most 20 KB for the page of an incident of 36 updates, compressed', () => {
    const long = new Record('0314-long').opened('06:00', 'Long one')
    for (let i = 0; i < 36; i++)
      long.update(
        `${String(6 + Math.floor(i / 4)).padStart(2, '0')}:${10 + i}`,
        'identified',
        Array.from({length: 60}, (_, w) => sha256(`${i}.${w}`).slice(0, 2 + (w % 5))).join(' '),
      )
    const built = buildPage(model([long]))
    expect(gzipSync(built.get(`incidents/${publicId('incident', '0314-long')}/index.html`) ?? '', {level: 9}).length).toBeLessThanOrEqual(20 * 1024)
  })
})
