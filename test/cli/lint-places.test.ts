import {existsSync, mkdirSync, writeFileSync} from 'node:fs'
import {join, resolve} from 'node:path'
import {fileURLToPath} from 'node:url'
import {afterEach, beforeEach, describe, expect, it, jest} from '@jest/globals'
import {type Machine, machine} from './run-scram.ts'

jest.setTimeout(120_000)

interface Sarif {
  readonly runs: readonly {
    readonly originalUriBaseIds: Readonly<Record<string, {readonly uri: string}>>
    readonly results: readonly {
      readonly locations: readonly {readonly physicalLocation: {readonly artifactLocation: {readonly uri: string; readonly uriBaseId?: string}}}[]
    }[]
  }[]
}

/** As a reader of SARIF finds the files. */
function opened({runs}: Sarif): readonly string[] {
  return runs.flatMap(({originalUriBaseIds: bases, results}) =>
    results.map(({locations}) => {
      const {uri = '', uriBaseId} = locations[0]?.physicalLocation.artifactLocation ?? {}
      expect(uri).not.toContain('..')
      return fileURLToPath(new URL(uri, uriBaseId === undefined ? undefined : bases[uriBaseId]?.uri))
    }),
  )
}

describe('what lint finds can be opened from where it was called', () => {
  let at: Machine
  beforeEach(() => {
    at = machine()
    mkdirSync(join(at.home, 'ops/runbooks/deep dir'), {recursive: true})
    writeFileSync(join(at.home, 'ops/scram.yaml'), 'scram: 1\n')
    writeFileSync(join(at.home, 'ops/top.yaml'), 'scram: 1\nrunbook: twin\ntitle: T\nsteps: []\n')
    writeFileSync(join(at.home, 'ops/runbooks/in.yaml'), 'scram: 1\nrunbook: in\ntitle: T\nsteps:\n  - {id: a, uses: nothing}\n')
    writeFileSync(join(at.home, 'ops/runbooks/x.yaml'), 'scram: 1\nrunbook: x\ntitle: T\nsteps:\n  - {id: a, uses: note, with: {text: x}, retrys: 3}\n')
  })
  afterEach(() => at.remove())

  it.each(['ops', 'ops/runbooks', 'ops/runbooks/deep dir', '.'])('%s: in text, JSON and SARIF', async folder => {
    const cwd = join(at.home, folder)
    const args = ['runbook', 'lint', ...(folder === '.' ? ['--workspace', 'ops'] : [])]
    const real = ['ops/top.yaml', 'ops/runbooks/in.yaml', 'ops/runbooks/x.yaml'].map(file => join(at.home, file))
    const text = await at.run(args, {cwd})
    const named = text.stdout.split('\n').flatMap(line => /^(.*?):\d+:\d+ {2}[EW] /.exec(line)?.[1] ?? [])
    expect([text.code, [...new Set(named.map(file => resolve(cwd, file)))].toSorted()]).toEqual([65, real.toSorted()])
    expect(named.some(file => file.startsWith('/'))).toBe(false)
    const running = await at.run(['run', 'in', ...args.slice(2)], {cwd})
    expect([running.code, resolve(cwd, /^ *(\S.*?):5:\d+ {2}E unknown-action/m.exec(running.stderr)?.[1] ?? '')]).toEqual([
      65,
      join(at.home, 'ops/runbooks/in.yaml'),
    ])
    const {value} = await at.json([...args, '--json'], {cwd})
    const findings = value['findings'] as readonly {readonly file: string}[]
    expect(findings.map(({file}) => file)).toEqual(named)
    const sarif = JSON.parse((await at.run([...args, '--sarif'], {cwd})).stdout) as Sarif
    expect(opened(sarif)).toEqual(named.map(file => resolve(cwd, file)))
    expect(opened(sarif).every(existsSync)).toBe(true)
  })

  it('also one of several that have the same id, and one named by its path', async () => {
    writeFileSync(join(at.home, 'ops/runbooks/y.yaml'), 'scram: 1\nrunbook: y\ntitle: T\nsteps:\n  - {id: a, uses: note, with: {text: x}}\n')
    writeFileSync(join(at.home, 'ops/y2.yaml'), 'scram: 1\nrunbook: y\ntitle: T\nsteps:\n  - {id: a, uses: note, with: {text: x}}\n')
    const cwd = join(at.home, 'ops/runbooks')
    const {stdout} = await at.run(['runbook', 'lint', 'y.yaml', '../y2.yaml'], {cwd})
    expect(stdout).toMatch(/^y\.yaml:2:10 {2}E duplicate-id {2}\.\.\/y2\.yaml is runbook `y`, too/m)
    expect(stdout).toMatch(/^\.\.\/y2\.yaml:2:10 {2}E duplicate-id {2}y\.yaml is runbook `y`, too/m)
  })
})
