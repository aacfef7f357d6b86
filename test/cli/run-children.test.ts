// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a runbook writes its values like this
import {existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it, jest} from '@jest/globals'
import {book, record} from './run-record.ts'
import {type Machine, machine} from './run-scram.ts'

jest.setTimeout(120_000)

let at: Machine
beforeEach(() => {
  at = machine()
})
afterEach(() => at.remove())
const artefacts = () =>
  readdirSync(join(at.home, 'record/artefacts'), {recursive: true, encoding: 'utf8'}).filter(name => /\.\w+$/.test(name)).map(name => join(at.home, 'record/artefacts', name)) // biome-ignore format: one line

describe('a command of a step', () => {
  it('that ignores SIGTERM gets SIGKILL ten seconds later; what became of it is asked', async () => {
    book(at, 'deaf', `  - {id: deaf, timeout: 1s, run: "trap '' TERM; echo began; while :; do sleep 0.1; done"}\n`)
    const since = Date.now()
    const {code, stdout} = await at.run(['run', 'deaf', '--yes'])
    const took = Date.now() - since
    expect([code, stdout]).toEqual([4, expect.stringContaining('it did not end in time and was ended')])
    expect(took).toBeGreaterThan(11_000)
    const unknown = (await record(at)).find(({kind}) => kind === 'step.unknown')
    expect(unknown?.data).toMatchObject({reason: 'timeout', bytes: 6, tail: 'began\n'})
    expect(artefacts().map(path => path.replace(/.*\//, ''))).toEqual(['deaf#1.log'])
  })

  it('that floods is read to its end, counted and hashed; at most 1 MiB of it is kept, for nobody else to read', async () => {
    book(at, 'flood', `  - {id: flood, outputs: text, run: "echo FIRST; yes 0123456789 | head -n 2000000; echo LAST; echo aside >&2"}\n`)
    const {code, stderr} = await at.run(['run', 'flood'])
    const [finished] = (await record(at)).filter(({kind}) => kind === 'step.finished')
    expect(finished?.data).toMatchObject({bytes: 6 + 22_000_000 + 5 + 6, exitCode: 0, digest: expect.stringMatching(/^[0-9a-f]{64}$/)})
    expect([code, stderr]).toEqual([0, expect.stringContaining('outputs dropped: stdout was longer than 16 KiB')])
    expect(String(finished?.data['tail']).length).toBeLessThanOrEqual(4096)
    const [path = ''] = artefacts()
    const text = readFileSync(path, 'utf8')
    expect(statSync(path)).toMatchObject({mode: 0o100600})
    expect(text.length).toBeLessThanOrEqual(1024 * 1024)
    expect(text.length).toBeGreaterThan(1000 * 1024)
    expect(text).toMatch(/^FIRST\n[\s\S]*\n\[… \d+ bytes are not kept …\]\n[\s\S]*LAST\n/)
  })

  it('that leaves a helper holding its pipe ends all the same', async () => {
    book(at, 'fork', `  - {id: fork, run: "sleep 20 & echo $! >helper; echo forked"}\n`)
    const since = Date.now()
    expect((await at.run(['run', 'fork'])).code).toBe(0)
    expect(Date.now() - since).toBeLessThan(10_000)
    process.kill(Number(readFileSync(join(at.home, 'helper'), 'utf8')), 'SIGKILL')
  })

  it('sees what the reference lists and what was declared, nothing else; a scram inside records into the same incident', async () => {
    const {launcher} = await import('./run-scram.ts')
    book(
      at,
      'sees',
      `
  - {id: open, uses: open, with: {title: It fails, severity: sev1, text: We look.}}
  - {id: look, run: [env], env: {A: b}}
  - {id: nested, run: ["${launcher}", note, from inside]}
`,
    )
    const env = {LC_TIME: 'C', TMPDIR: at.home, TERM: 'xterm', NODE_OPTIONS: '', AWS_KEY: 'hidden', SCRAM_TOKEN: 'hidden'}
    expect((await at.run(['run', 'sees'], {env})).code).toBe(0)
    const [path = ''] = artefacts().filter(name => name.endsWith('look#1.log'))
    const seen = new Map(readFileSync(path, 'utf8').trim().split('\n').map(line => line.split(/=(.*)/s).slice(0, 2) as [string, string])) // biome-ignore format: one line
    expect([...seen.keys()].filter(name => !/^(?:PWD|SHLVL|_|OLDPWD)$/.test(name)).sort()).toEqual(
      ['A', 'HOME', 'LC_TIME', 'PATH', 'SCRAM_ATTEMPT', 'SCRAM_HOME', 'SCRAM_IDEMPOTENCY_KEY', 'SCRAM_INCIDENT', 'SCRAM_RUN', 'SCRAM_STEP', 'SCRAM_WORKSPACE', 'TERM', 'TMPDIR', 'TZ'], // biome-ignore format: a list
    )
    const run = String((await record(at)).find(({kind}) => kind === 'run.started')?.data['run'])
    expect(Object.fromEntries(seen)).toMatchObject({
      TERM: 'dumb',
      SCRAM_ATTEMPT: '1',
      SCRAM_STEP: 'look#1',
      SCRAM_RUN: run,
      SCRAM_IDEMPOTENCY_KEY: `${run}/look`,
    })
    const entries = await record(at)
    const incidents = entries
      .filter(({kind}) => kind === 'note.added' || kind === 'incident.opened')
      .map(entry => (entry as unknown as {incident: string}).incident)
    expect(new Set(incidents).size).toBe(1)
    expect(incidents).toHaveLength(2)
  })
})

describe('a secret of a step', () => {
  const CANARY = 'cnry-7f3Kq9/xZ+20w'
  const KEY = `first line of it\n${'k3y'.repeat(12)}\nlast line of it`

  it('is nowhere but in the child: not in the record, the artefacts, the terminal, NDJSON, the export; encoded and cut in two neither', async () => {
    mkdirSync(join(at.home, 'keys'))
    writeFileSync(join(at.home, 'keys/key'), KEY, {mode: 0o600})
    writeFileSync(join(at.home, 'ask'), `#!/bin/sh\nprintf %s '${CANARY}-exec'\n`, {mode: 0o755})
    const cut = CANARY.slice(0, 7)
    book(
      at,
      'leaks',
      `
  - id: leak
    secrets: {A: "env:CANARY", B: "file:${at.home}/keys/key", C: 'exec:["./ask"]'}
    outputs: text
    run: |
      test "$A" = '${'$'}WANTED' || true
      printf '%s' "$A" | cut -c1-7 | tr -d '\\n'; sleep 0.3; printf '%s\\n' "$(printf %s "$A" | cut -c8-)"
      printf %s "$A" | base64; printf 'user:%s' "$A" | base64; printf %s "$A" | od -An -tx1 | tr -d ' \\n'; echo
      printf '%s\\n' "$B"; printf '%s\\n' "$C"
      printf '%s' "$A" | cut -c1-7 | tr -d '\\n' >&2; echo between; sleep 0.2; printf '%s\\n' "$(printf %s "$A" | cut -c8-)" >&2
      printf '%s' "$C" >was-here
      sleep 0.2; echo "failed with $A" >&2
  - {id: after, uses: note, with: {text: "it said \${{ steps.leak.text }}"}}
  - {id: fails, secrets: {A: "env:CANARY"}, run: 'echo "no: $A" >&2; exit 3', on_failure: continue}
`,
    )
    const env = {CANARY}
    await at.run(['open', 'it leaks'])
    const plain = await at.run(['run', 'leaks'], {env})
    const json = await at.run(['run', 'leaks', '--json'], {env})
    expect([plain.code, json.code]).toEqual([1, 1])
    expect(readFileSync(join(at.home, 'was-here'), 'utf8')).toBe(`${CANARY}-exec`)
    const exported = (await at.run(['timeline', 'export'])).stdout
    const shown = (await at.run(['timeline'])).stdout
    const files = readdirSync(join(at.home, 'record'), {recursive: true, encoding: 'utf8'})
      .map(name => join(at.home, 'record', name))
      .filter(path => statSync(path).isFile())
      .map(path => readFileSync(path, 'latin1'))
    const all = [plain.stdout, plain.stderr, json.stdout, json.stderr, exported, shown, ...files].join('\n')
    expect(all).toContain('[redacted:secret]')
    expect(all).toContain('failed with [redacted:secret]')
    const base64 = Buffer.from(CANARY).toString('base64').replace(/=+$/, '')
    const forms = [
      CANARY,
      `${CANARY}-exec`,
      base64,
      Buffer.from(CANARY).toString('hex'),
      Buffer.from(`user:${CANARY}`).toString('base64').slice(8, -4),
      encodeURIComponent(CANARY),
      'k3y'.repeat(4),
      'last line of it',
      `${cut}${CANARY.slice(7)}`,
    ]
    for (const form of forms) expect([form, all.includes(form)]).toEqual([form, false])
    expect(all).not.toContain(`${CANARY.slice(7)}\n`)
    expect(existsSync(join(at.home, 'record'))).toBe(true)
  })

  it('that is too short to be found again is refused; so is a missing one and a file others read, by name, never by value', async () => {
    writeFileSync(join(at.home, 'open-file'), 'canary-open-value', {mode: 0o644})
    for (const [reference, words] of [
      ['env:SHORT', 'the secret for A has fewer than 6 characters'],
      ['env:NONE', '$NONE is not set'],
      [`file:${at.home}/open-file`, 'others may read it'],
      ['exec:["sh", "-c", "echo canary-said; exit 1"]', 'ended with 1'],
    ] as const) {
      book(at, 'refused', `  - {id: a, run: [touch, ran], secrets: {A: ${JSON.stringify(reference)}}, on_failure: stop}\n`)
      const {code, stderr, stdout} = await at.run(['run', 'refused'], {env: {SHORT: 'abc12'}})
      expect([reference, code]).toEqual([reference, 1])
      expect(stderr).toContain(words)
      expect(`${stderr}${stdout}`).not.toMatch(/abc12|canary-/)
      await at.run(['abort', '--why', 'next'])
    }
    expect(existsSync(join(at.home, 'ran'))).toBe(false)
  })
})
