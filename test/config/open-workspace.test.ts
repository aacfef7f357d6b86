import {mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {openWorkspace} from '../../src/config/open-workspace.ts'
import {Fault} from '../../src/lib/fault.ts'
import {makeRedactor} from '../../src/lib/redact.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'workspace-'))
})
afterEach(() => rmSync(folder, {recursive: true, force: true}))

const open = (text: string | Uint8Array | null, env: Record<string, string> = {}) => {
  if (text !== null) writeFileSync(join(folder, 'scram.yaml'), text)
  return openWorkspace({named: undefined, from: folder, home: '/home/u/scram', env, redactor: makeRedactor()})
}

/** Message and hints as a person reads them, without the folder. */
async function refusal(work: Promise<unknown> | (() => unknown)): Promise<{code: string; lines: readonly string[]}> {
  try {
    await (typeof work === 'function' ? work() : work)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return {code: error.code, lines: [error.message, ...error.hints].map(line => line.replaceAll(`${folder}/`, ''))}
  }
  throw new Error('nothing was refused')
}

const ROD = 'title: T\n    what: W\n    spares: S\n    driver: command\n    with: {}\n    probe: none\n    because: B'

describe('without a workspace', () => {
  it('everything is on defaults, and the page goes to the home', async () => {
    const {workspace, rods, check} = await open(null)
    expect(workspace).toMatchObject({folder: null, page: {name: 'Status', url: null}, components: [], banks: []})
    expect(workspace.cadenceMs.SEV1).toBe(20 * 60_000)
    expect(workspace.targets).toEqual([{id: 'home', kind: 'directory', path: '/home/u/scram/page', url: null}])
    expect(rods.ids()).toEqual([])
    expect((await refusal(() => rods.definition('api'))).code).toBe('rod.not-found')
    await check()
  })
})

describe('a workspace', () => {
  it('is read with its defaults, in the order of the file', async () => {
    const {workspace} = await open(`
scram: 1
page: {name: Example Cloud, url: "https://status.example.com"}
groups: {platform: {name: Platform}}
components:
  routing: {name: Request Routing, group: platform, start_date: 2012-01-01}
  chat: {name: Chat, kind: communication, public: false, description: Ours, showcase: false}
cadence: {sev1: 15m, default: 1h}
targets: [{id: disk, kind: directory, path: site}]
rods:
banks:
postmortem: {redact: [Initech]}
`)
    expect(workspace).toMatchObject({
      folder,
      page: {name: 'Example Cloud', url: 'https://status.example.com'},
      groups: [{id: 'platform', name: 'Platform'}],
      cadenceMs: {SEV1: 900_000, SEV2: 3_600_000, SEV5: 3_600_000},
      targets: [{id: 'disk', kind: 'directory', path: join(folder, 'site'), url: null}],
      postmortem: {layout: 'scram', redact: ['Initech']},
    })
    expect(workspace.components).toEqual([
      {
        id: 'routing',
        name: 'Request Routing',
        group: 'platform',
        kind: 'service',
        isPublic: true,
        startDate: '2012-01-01',
        showcase: true,
        onlyShowIfDegraded: false,
      },
      {id: 'chat', name: 'Chat', kind: 'communication', isPublic: false, description: 'Ours', showcase: false, onlyShowIfDegraded: false},
    ])
  })

  it('may be a link to a file elsewhere', async () => {
    writeFileSync(join(folder, 'real.yaml'), 'scram: 1\npage: {name: Linked}\n')
    symlinkSync('real.yaml', join(folder, 'scram.yaml'))
    expect((await open(null)).workspace.page.name).toBe('Linked')
  })

  it.each([
    ['', 'the workspace file is a map that begins with `scram: 1`'],
    ['page: {name: x}', '`scram` is missing'],
    ['scram: 2', '`scram`: this version reads `scram: 1`'],
    ['scram: 1\npage: {name: x', 'this is not indented as what it belongs to, or a ] or } is missing'],
  ])('that begins with %j is refused as a whole', async (text, message) => {
    const {code, lines} = await refusal(open(text))
    expect(code).toBe('config.invalid')
    expect(lines[0]?.replace(/^scram\.yaml:\d+:\d+: /, '')).toBe(message)
  })

  it('that is no text is refused', async () => {
    expect((await refusal(open(Uint8Array.of(0x73, 0xff)))).lines).toEqual(['scram.yaml cannot be used: it is not UTF-8'])
    expect((await refusal(open('#'.repeat(300_000)))).lines).toEqual(['scram.yaml cannot be used: it is longer than 262144 bytes'])
  })
})

describe('what is wrong is said where it stands', () => {
  it('with the line, a mark below it, and every other finding behind', async () => {
    const {workspace} = await open('scram: 1\ncomponents:\n  api: {nmae: API}\n  Bad: {name: x}\n  web: {name: Web, kind: thing}\n  db: {name: 7}\n')
    expect(await refusal(() => workspace.components)).toEqual({
      code: 'config.invalid',
      lines: [
        'scram.yaml:3:3: `name` is missing',
        '  3 |   api: {nmae: API}',
        '    |   ^',
        'scram.yaml:3:9: `nmae` is not a key here; did you mean `name`?',
        'scram.yaml:4:3: `Bad`: an id is a-z, 0-9 and -, begins with a letter and has at most 40 characters',
        'scram.yaml:5:26: `kind` wants `service` or `communication` or `tooling`',
        'scram.yaml:6:14: `name` wants text; quote it',
      ],
    })
  })

  it.each([
    ['page: {url: "javascript:alert(1)"}', 'page', '2:13: `url`: an address begins with https:// or http://'],
    ['page: {uptime: {days: 30}}', 'page', '2:23: `days`: this version shows 90 days'],
    ['cadence: {sev1: 20}', 'cadenceMs', '2:17: `sev1` wants text; quote it'],
    ['cadence: {sev1: "20"}', 'cadenceMs', '2:17: `sev1`: "20" is not a duration; write 20m or 20s'],
    ['cadence: {sev6: 20m}', 'cadenceMs', '2:11: `sev6` is not a key here; did you mean `sev1`?'],
    ['components: []', 'components', '2:13: `components` wants a map'],
    ['components: {a: {name: A, start_date: 07.06.2012}}', 'components', '2:39: `start_date`: a day is written 2026-03-14'],
    ['targets: [{id: a, kind: ssh, path: /x}]', 'targets', '2:25: `kind`: this version publishes to a directory only'],
    ['targets: [{id: a, kind: directory, path: /x}, {id: a, kind: directory, path: /y}]', 'targets', '2:10: `targets`: two targets have the same id'],
    ['targets: [x]', 'targets', '2:11: item 1 wants a map'],
    ['postmortem: {redact: [x]}', 'postmortem', '2:23: item 1: shorter than two characters would blank every word'],
    ['compnents: {}', 'components', '2:1: `compnents` is not a key here; did you mean `components`?'],
  ] as const)('%s', async (line, section, message) => {
    const {workspace} = await open(`scram: 1\n${line}\n`)
    expect((await refusal(() => workspace[section])).lines[0]).toBe(`scram.yaml:${message}`)
  })

  it('twenty times and no more', async () => {
    const {workspace} = await open(`scram: 1\ncomponents:\n${Array.from({length: 50}, (_, i) => `  c${i}: {}`).join('\n')}\n`)
    const {lines} = await refusal(() => workspace.components)
    expect(lines).toHaveLength(23)
    expect(lines.at(-1)).toBe('and 30 more')
  })
})

describe('one rod', () => {
  it('opens whatever else is broken in the file', async () => {
    const {rods, workspace} = await open(`scram: 1\npage: 7\ncomponents: no\nstranger: 1\nrods:\n  good:\n    ${ROD}\n  bad: {title: 3}\n`)
    expect(rods.ids()).toEqual(['good', 'bad'])
    expect(rods.definition('good')).toMatchObject({title: 'T', expires: 7_200_000, verify: {timeout: 30_000, every: 500, consecutive: 3}})
    expect((await refusal(() => rods.definition('bad'))).lines.join('\n')).toContain('`probe` is missing')
    expect((await refusal(() => rods.definition('bad'))).code).toBe('config.invalid')
    expect((await refusal(() => workspace.page)).code).toBe('config.invalid')
  })

  it('that is not there is answered with the nearest', async () => {
    const {rods} = await open(`scram: 1\nrods:\n  good:\n    ${ROD}\n`)
    expect(await refusal(() => rods.definition('god'))).toEqual({
      code: 'rod.not-found',
      lines: ['there is no rod "god" in scram.yaml; it has good', 'scram rod show good'],
    })
    for (const id of ['__proto__', 'constructor', 'toString', 'x-good']) expect((await refusal(() => rods.definition(id))).code).toBe('rod.not-found')
  })

  it('takes what it leaves out from rod_defaults, key by key, then from us', async () => {
    const {rods} = await open(readFileSync(join(import.meta.dirname, 'rods.yaml'), 'utf8'))
    expect(rods.ids()).toEqual(['api-maintenance', 'api-rate', 'drain', 'edge'])
    expect(rods.definition('api-maintenance')).toMatchObject({
      expires: 3_600_000,
      verify: {timeout: 45_000, every: 200, consecutive: 3},
      positions: ['withdrawn', 'inserted'],
    })
    expect(rods.definition('api-rate').expires).toBe(72 * 3_600_000)
  })

  it('takes every key that the reference names', async () => {
    const {check} = await open(readFileSync(join(import.meta.dirname, 'rods.yaml'), 'utf8'))
    await expect(check()).resolves.toBeUndefined()
  })

  it.each([
    ['expires: 73h', '`expires`: a rod expires after at most 72h'],
    ['positions: [inserted, withdrawn]', '`positions`: the first position is always `withdrawn`'],
    ['positions: [withdrawn, unknown]', 'item 2: that is no name for a position'],
    ['positions: [withdrawn, a, a]', '`positions`: a position is listed twice'],
    ['positions: {rate: [0, 10]}', '`rate`: a rate rod wants `none`, which is withdrawn'],
    ['positions: {percent: {step: 0}}', '`step` wants at least 1'],
    ['positions: 3', '`positions` wants a list or a map'],
    ['verify: {timout: 3s}', '`timout` is not a key here; did you mean `timeout`?'],
    ['approvals: {withdraw: 0}', '`withdraw` wants at least 1'],
    ['withdraw: {guard: {advance: {lte: 1}}}', '`guard`: a guard reads exactly one of http, command'],
    ['cooldwon: 5s', '`cooldwon` is not a key here; did you mean `cooldown`?'],
  ])('with %s is refused', async (line, message) => {
    const {rods} = await open(`scram: 1\nrods:\n  r:\n    ${line}\n    ${ROD}\n`)
    expect((await refusal(() => rods.definition('r'))).lines[0]).toMatch(/^scram\.yaml:4:\d+: /)
    expect((await refusal(() => rods.definition('r'))).lines[0]?.replace(/^\S+ /, '')).toBe(message)
  })

  it.each([
    ['none', '`r`: probe: none wants because: TEXT; such a rod is never better than unverified'],
    ['nothing', '`probe` wants `none` or a map or a list'],
    ['{}', '`probe`: a probe is exactly one of http, command, tcp'],
    ['{http: {url: "http://x.example", expect: {}}, tcp: {host: x, port: 1, expect: {}}}', '`probe`: a probe is exactly one of http, command, tcp'],
    ['{http: {url: "http://x.example", expect: {inserted: {status: 99}}}}', '`status` wants at least 100'],
    [
      '{http: {url: "http://x.example", share: {status: 429, samples: 200, tolerance: 8}}}',
      '`tolerance`: 8 points are fewer than 200 samples can tell; at least 10.7',
    ],
    [
      '{http: {url: "http://x.example", share: {status: 429, samples: 400, tolerance: 8}, count: {json: $.n, over: 4s}}}',
      '`http`: a probe takes share or count, not both',
    ],
    ['{http: {url: "http://x.example", expect: {withdrawn: {}}}}', '`withdrawn`: says nothing about the answer, so every one would fit'],
    ['{command: {argv: [x], expect: {inserted: {}}}}', '`inserted`: says nothing about the answer, so every one would fit'],
    ['{http: {url: "http://x.example", expect: {inserted: {error: ETIMEDOUT}}}}', '`error` wants `ECONNREFUSED`'],
    [
      '{http: {url: "http://x.example", expect: {inserted: {error: ECONNREFUSED, status: 503}}}}',
      '`inserted`: a refused connection has no answer: error stands alone',
    ],
    ['{http: {url: "http://u:p@x.example/", expect: {}}}', '`url`: a user and password in an address would be shown: a header takes them by reference'],
    ['[{tcp: {host: x, port: 70000, expect: {}}}]', '`port` wants at most 65535'],
    ['{http: {url: "http://x.example", expect: {inserted: {json: {path: "$..x"}}}}}', '`path`: a JSON path is $ and then .name or [n]'],
  ])('with probe: %s is refused', async (probe, message) => {
    const {rods} = await open(`scram: 1\nrods:\n  r:\n    probe: ${probe}\n    title: T\n    what: W\n    spares: S\n    driver: command\n`)
    expect((await refusal(() => rods.definition('r'))).lines[0]?.replace(/^\S+ /, '')).toBe(message)
  })

  it('gives its driver a Fault with the place of an option', async () => {
    const {rods} = await open(`scram: 1\nrods:\n  r:\n    ${ROD.replace('with: {}', 'with: {set: {url: x}}')}\n`)
    const fault = await rods.invalid('r', [{path: ['with', 'set', 'url'], message: 'must be an address'}])
    expect(fault.message).toBe(`${folder}/scram.yaml:8:23: must be an address`)
  })

  it('has its secrets resolved, and known to the redactor, when it asks', async () => {
    const {secret} = await open('scram: 1\n', {TOKEN: 'canary-value'})
    expect(await secret('env:TOKEN')).toBe('canary-value')
    expect((await refusal(secret('env:OTHER'))).code).toBe('secret.missing')
  })
})

describe('the whole check', () => {
  it('finds names that point at nothing, each with the nearest', async () => {
    const {check} = await open(`scram: 1
groups: {platform: {name: P}}
components: {api: {name: API, group: platfrom}}
systems: {platform: {hosts: [a]}}
rods:
  r:
    component: [api, appi]
    blast: {components: [web]}
    withdraw: {via: q}
    conflicts: [{rod: s}]
    runs_without: [plattform]
    ${ROD}
banks: {b: {title: B, waves: [[r], [r, rr]]}}
`)
    expect((await refusal(check())).lines.filter(line => line.startsWith('scram.yaml'))).toEqual([
      'scram.yaml:3:38: there is no group `platfrom`; did you mean `platform`?',
      'scram.yaml:7:22: there is no component `appi`; did you mean `api`?',
      'scram.yaml:8:26: there is no component `web`; there are api',
      'scram.yaml:9:21: there is no rod `q`; there are r',
      'scram.yaml:10:23: there is no rod `s`; there are r',
      'scram.yaml:11:20: there is no system `plattform`; did you mean `platform`?',
      'scram.yaml:19:40: there is no rod `rr`; did you mean `r`?',
    ])
  })

  it('finds everything that does not check, in all sections', async () => {
    const {check} = await open('scram: 1\npage: 7\nrods: {r: {}}\nstranger: 1\n')
    const {lines} = await refusal(check())
    expect(lines.join('\n')).toMatch(/page[\s\S]*`title` is missing[\s\S]*stranger/)
  })
})
