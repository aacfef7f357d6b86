import {mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from '@jest/globals'
import {manifest} from '../../src/manifest.ts'
import {launcher, type Machine, machine, root} from './run-scram.ts'

/** A value that must come out nowhere. */
const CANARY = 'sk_live_canary_5f3a9b'

let at: Machine
beforeAll(() => {
  at = machine()
})
afterAll(() => at.remove())

interface Trap {
  readonly name: string
  readonly args: readonly string[]
  readonly exit: number
  readonly code: string
  readonly says: RegExp
  readonly hint?: string
}

const TRAPS: readonly Trap[] = [
  {
    name: 'an unknown flag with a value',
    args: ['note', 'x', `--token=${CANARY}`],
    exit: 64,
    code: 'usage.invalid',
    says: /no such flag: --token$/,
    hint: 'scram help incident note',
  },
  {name: 'a command to record without --', args: ['exec', 'true'], exit: 64, code: 'usage.invalid', says: /stands after --$/, hint: 'scram exec -- COMMAND'},
  {
    name: 'flags that exclude each other',
    args: ['run', 'x', '--check', '--plan', CANARY],
    exit: 64,
    code: 'usage.invalid',
    says: /give --plan or --check, not both$/,
  },
  {name: 'an input given twice', args: ['run', 'x', '--input', 'to=1', '--input', 'to=2'], exit: 64, code: 'usage.invalid', says: /"to" is given twice/},
  {name: 'a record that is not there', args: ['timeline', 'import', 'nosuch'], exit: 66, code: 'file.not-found', says: /no file nosuch$/},
  {name: 'an unknown flag and a word', args: ['note', 'x', '--token', CANARY], exit: 64, code: 'usage.invalid', says: /no such flag: --token/},
  {
    name: 'a flag with a slip',
    args: ['update', 'x', `--sttus=${CANARY}`],
    exit: 64,
    code: 'usage.invalid',
    says: /no such flag: --sttus$/,
    hint: 'did you mean --status?',
  },
  {
    name: 'a text as a flag, as open takes it',
    args: ['update', '-m', CANARY],
    exit: 64,
    code: 'usage.invalid',
    says: /no such flag: -m$/,
    hint: 'the text stands alone: TEXT in quotes, or - to read stdin',
  },
  {name: 'an unknown short flag', args: ['note', 'x', `-t${CANARY}`], exit: 64, code: 'usage.invalid', says: /no such flag: -t$/},
  {
    name: 'a word that is not in the list',
    args: ['note', 'x', '--kind', 'joke', '--id', CANARY],
    exit: 64,
    code: 'usage.invalid',
    says: /--kind: .*"joke" is not one of note, decision/,
  },
  {
    name: 'a duration beyond all bounds',
    args: ['update', CANARY, '--next', '99999999999d'],
    exit: 64,
    code: 'duration.invalid',
    says: /--next: "99999999999d" is too long: at most 366d/,
  },
  {
    name: 'an update too far ahead',
    args: ['update', CANARY, '--in', '999999d'],
    exit: 64,
    code: 'duration.invalid',
    says: /--in: "999999d" is too long: at most 12h/,
  },
  {
    name: 'an expiry too far ahead',
    args: ['in', 'r', '--why', CANARY, '--expires', '73h'],
    exit: 64,
    code: 'duration.invalid',
    says: /--expires: "73h" is too long: at most 3d/,
  },
  {
    name: 'a bad duration',
    args: ['update', CANARY, '--next', '15'],
    exit: 64,
    code: 'duration.invalid',
    says: /--next: "15" is not a duration; write 15m or 15s/,
  },
  {name: 'a bad severity', args: ['open', CANARY, '-s', 'sev9'], exit: 64, code: 'usage.invalid', says: /sev1 \(worst\) to sev5/},
  {name: 'a bad pair', args: ['open', CANARY, '-c', 'api'], exit: 64, code: 'usage.invalid', says: /"api" is not NAME=STATUS/},
  {name: 'a flag without its value', args: ['note', CANARY, '--kind'], exit: 64, code: 'usage.invalid', says: /--kind wants a value/},
  {name: 'a flag twice', args: ['note', CANARY, '--at', '-1m', '--at', '-2m'], exit: 64, code: 'usage.invalid', says: /--at is given twice/},
  {
    name: 'a missing argument',
    args: ['open', '-m', CANARY],
    exit: 64,
    code: 'usage.missing',
    says: /missing TITLE: what users see/,
    hint: 'scram help incident open',
  },
  {name: 'a missing flag', args: ['redact', CANARY], exit: 64, code: 'usage.missing', says: /missing --why/},
  {name: 'a stray argument', args: ['open', 'two', CANARY], exit: 64, code: 'usage.invalid', says: /one argument too many; quote/},
  {name: 'an empty text', args: ['note', ' '], exit: 64, code: 'text.empty', says: /empty/},
  {
    name: 'an unknown command near a known one',
    args: ['incident', 'opne', CANARY],
    exit: 64,
    code: 'usage.invalid',
    says: /there is no command "incident opne"/,
    hint: 'scram incident open',
  },
  {name: 'an unknown command near an alias', args: ['note2', CANARY], exit: 64, code: 'usage.invalid', says: /there is no command "note2"/, hint: 'scram note'},
  {name: 'a command without arguments given stray words', args: ['status', 'a', CANARY], exit: 64, code: 'usage.invalid', says: /one argument too many/},
  {
    name: 'an argument that one way of calling it needs',
    args: ['use', '--incident', CANARY],
    exit: 64,
    code: 'usage.missing',
    says: /missing INCIDENT/,
    hint: 'scram help incident use',
  },
  {name: 'a flag where a command was meant', args: [`--tokn=${CANARY}`], exit: 64, code: 'usage.invalid', says: /no such flag: --tokn/},
  {name: 'help on nothing', args: ['help', 'nonsense'], exit: 64, code: 'usage.invalid', says: /there is no help on "nonsense"/},
  {
    name: 'an incident called as what every object inherits',
    args: ['show', 'constructor'],
    exit: 66,
    code: 'incident.not-found',
    says: /matches "constructor"/,
  },
  {
    name: 'a component that is no id',
    args: ['open', 'x', '-c', '__proto__=operational'],
    exit: 64,
    code: 'usage.invalid',
    says: /"__proto__" names no component: an id is a-z/,
  },
  {name: 'no incident to write to', args: ['note', CANARY], exit: 66, code: 'incident.not-found', says: /no incident/},
]

describe('every trap of the framework', () => {
  it.each(TRAPS)('$name: text on stderr, exit $exit', async ({args, exit, says, hint}) => {
    const {code, stdout, stderr} = await at.run(args)
    expect({code, stdout}).toEqual({code: exit, stdout: ''})
    const [first = ''] = stderr.split('\n')
    expect(first).toMatch(/^scram: /)
    expect(first).toMatch(says)
    if (hint !== undefined) expect(stderr).toContain(`\n  ${hint}\n`)
    expect(stderr).not.toContain(CANARY)
    expect(stderr).not.toMatch(/See more help|Parsing|\bat .*:\d+:\d+/)
  })

  it.each(TRAPS)('$name: with --json one object on stdout, the same exit', async ({args, exit, code: faultCode, says}) => {
    const {code, value, stderr} = await at.json(args)
    expect(code).toBe(exit)
    expect(Object.keys(value)).toEqual(['error'])
    const error = value['error'] as Record<string, unknown>
    expect(Object.keys(error)).toEqual(['code', 'exit', 'message', 'hints'])
    expect(error).toMatchObject({code: faultCode, exit})
    expect(error['message']).toMatch(says)
    expect(JSON.stringify(value) + stderr).not.toContain(CANARY)
  })

  it.each(TRAPS)('$name: DEBUG=* and CLI_FLAGS_DEBUG=1 print no value either', async ({args, exit}) => {
    const {code, stdout, stderr} = await at.run(args, {env: {DEBUG: '*', CLI_FLAGS_DEBUG: '1'}})
    expect(code).toBe(exit)
    expect(stdout + stderr).not.toContain(CANARY)
  })

  it('SCRAM_CONTENT_TYPE=json means --json everywhere, errors included', async () => {
    const {stdout} = await at.run(['redact', 'x'], {env: {SCRAM_CONTENT_TYPE: 'json'}})
    expect(JSON.parse(stdout)).toMatchObject({error: {code: 'usage.missing', exit: 64}})
  })

  it('--json after -- is a word like any other', async () => {
    const {code, stdout, stderr} = await at.run(['open', '--private', '--', '--json'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/opened SEV3, private: --json\n$/)
    expect(stderr).toBe('')
  })
})

describe('every command', () => {
  const shown = Object.values(manifest).filter(({hidden}) => !hidden)
  it.each(shown.map(({id}) => [id.replaceAll(':', ' ')]))('scram %s refuses a flag it does not know', async name => {
    const {code, value} = await at.json([...name.split(' '), '--nope'])
    expect({code, error: value['error']}).toMatchObject({code: 64, error: {code: 'usage.invalid', message: 'no such flag: --nope'}})
  })

  it.each(shown.map(({id}) => [id.replaceAll(':', ' ')]))(
    'scram %s: help begins with the summary and an example, ends with the exit status, fits 80 × 40',
    async name => {
      const {code, stdout} = await at.run(['help', ...name.split(' ')])
      const lines = stdout.trimEnd().split('\n')
      expect(code).toBe(0)
      expect(lines.filter(line => line.length > 80)).toEqual([])
      expect(lines.length).toBeLessThanOrEqual(40)
      const place = (title: string) => lines.indexOf(title)
      expect([place('EXAMPLES') > 0, place('EXAMPLES') < place('USAGE'), place('FLAGS') < place('EXIT STATUS')]).toEqual([true, true, true])
      expect(lines[0]?.length).toBeLessThanOrEqual(60)
    },
  )

  it('declares its arguments so that a missing one is never read from stdin', () => {
    const sources = readdirSync(join(root, 'src/commands'), {recursive: true, encoding: 'utf8'}).filter(file => file.endsWith('.ts'))
    expect(sources.length).toBeGreaterThan(20)
    for (const file of sources) expect(readFileSync(join(root, 'src/commands', file), 'utf8')).not.toMatch(/@oclif\/core/)
  })
})

describe('stdin and stdout', () => {
  it('a missing argument is not read from a pipe: echo router | scram in moves nothing', async () => {
    const {code, stderr} = await at.run(['in', '--why', 'x'], {stdin: 'router\n'})
    expect(code).toBe(64)
    expect(stderr).toMatch(/missing ROD/)
  })

  it('a loop that reads lines keeps its input', async () => {
    const {stdout} = await at.run([], {shell: 'printf "a\\nb\\n" | while read -r line; do "$0" in --why x 2>/dev/null; echo "$line"; done'})
    expect(stdout).toBe('a\nb\n')
  })

  it('a reader that has gone changes nothing', async () => {
    const {stdout, stderr} = await at.run([], {shell: 'set -o pipefail; "$0" help | head -1; echo $?'})
    expect(stdout.split('\n').at(-2)).toBe('0')
    expect(stderr).toBe('')
  })

  it.each([[[]], [['--json']]])('a full device is not success: exit 3, the result on stderr (%j)', async flags => {
    const {code, stderr} = await at.run(['--version', ...flags], {shell: '"$0" "$@" > /dev/full'})
    expect(code).toBe(3)
    expect(stderr).toMatch(/^scram: stdout: ENOSPC.*the result follows here\n.*0\.\d+\.\d+/s)
    expect(stderr.length).toBeLessThan(400)
  })

  it('text from outside cannot move the cursor or turn the line around', async () => {
    const {stdout} = await at.run(['open', '--private', 'a\u001b[2Jb\u202ec\u0007d'])
    expect(stdout).toMatch(/ a.*bcd\n$/)
    expect(stdout).not.toMatch(/[\u001b\u202e\u0007]/)
  })

  it('closed stdout and stderr do not keep it from its work', async () => {
    const {code} = await at.run(['open', '--private', 'nobody listens'], {shell: '"$0" "$@" >&- 2>&-'})
    expect(code).toBe(0)
    expect((await at.run(['list'])).stdout).toMatch(/nobody listens/)
  })
})

describe('what nobody foresaw', () => {
  const preload = (text: string) => {
    const file = join(mkdtempSync(join(tmpdir(), 'scram-preload-')), 'preload.cjs')
    writeFileSync(file, text)
    return {NODE_OPTIONS: `--require ${file}`}
  }
  const bug = preload(`Date.now = () => { throw new TypeError('boom') }`)
  const uncaught = preload(`setImmediate(() => { throw new Error('first') }); setImmediate(() => { throw new Error('second') })`)
  const rejected = preload(`Promise.reject(new Error('first')); Promise.reject(new Error('second'))`)

  it('is a bug: 70, one line and a hint, no stack', async () => {
    const {code, stdout, stderr} = await at.run(['note', CANARY], {env: bug})
    expect({code, stdout}).toEqual({code: 70, stdout: ''})
    expect(stderr).toMatch(/^scram: a bug in scram: boom\n {2}run it again with DEBUG=1/)
    expect(stderr.split('\n').length).toBe(3)
    expect(stderr).not.toContain(CANARY)
  })

  it('shows its stack under DEBUG, and still no value', async () => {
    const {code, stderr} = await at.run(['note', CANARY], {env: {...bug, DEBUG: '1'}})
    expect(code).toBe(70)
    expect(stderr).toMatch(/TypeError: boom\n +at /)
    expect(stderr).not.toContain(CANARY)
  })

  it.each([
    ['an uncaught exception', uncaught],
    ['an unhandled rejection', rejected],
  ])('%s is reported once, as a bug', async (_, env) => {
    const {code, value, stderr} = await at.json(['list'], {env})
    expect(code).toBe(70)
    // Before the result it is the one object on stdout; after it, a line on stderr.
    if (value['error']) expect(value).toMatchObject({error: {code: 'bug', exit: 70, message: 'a bug in scram: first'}})
    else expect(stderr).toMatch(/^scram: a bug in scram: first\n/)
    expect(JSON.stringify(value) + stderr).not.toContain('second')
  })

  it('Ctrl-C while it waits for stdin ends it as a shell expects', async () => {
    const {code, signal, stdout} = await at.run(['note', '-'], {
      stdin: 'never ends',
      started: pid => setTimeout(() => process.kill(pid, 'SIGINT'), 1000),
      shell: 'exec "$0" "$@" < <(sleep 5)',
    })
    expect({code, signal, stdout}).toEqual({code: null, signal: 'SIGINT', stdout: ''})
  })
})

describe('the launcher', () => {
  it('names the Node that came along', async () => {
    const {code, stdout, stderr} = await at.run(['--version'])
    expect({code, stderr}).toEqual({code: 0, stderr: ''})
    expect(stdout).toMatch(/^scram\/\d+\.\d+\.\d+ linux-(?:x64|arm64) node-v2\d\.\d+\.\d+\n$/)
  })

  it('works through a chain of relative symlinks', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'scram-link-'))
    symlinkSync(launcher, join(folder, 'first'))
    symlinkSync('first', join(folder, 'second'))
    const {code, stdout} = await at.run([], {shell: `cd /; "${folder}/second" --version`})
    expect({code, ok: stdout.startsWith('scram/')}).toEqual({code: 0, ok: true})
  })

  const notADirectory = join(mkdtempSync(join(tmpdir(), 'scram-file-')), 'file')
  writeFileSync(notADirectory, '')
  it.each([
    ['HOME=/proc', 'HOME=/proc'],
    ['an empty HOME', 'HOME='],
    ['no HOME', '-u HOME'],
    ['a relative HOME', 'HOME=relative'],
    ['a HOME that is not there', 'HOME=/nonexistent'],
    ['a cache folder that is a file', `XDG_CACHE_HOME=${notADirectory}`],
    ['a relative cache folder', 'XDG_CACHE_HOME=here'],
  ])('answers with %s and leaves nothing behind', async (_, setting) => {
    const cwd = mkdtempSync(join(tmpdir(), 'scram-cwd-'))
    const {code, stdout} = await at.run([], {cwd, shell: `env -u XDG_CACHE_HOME ${setting} timeout 10 "$0" --version`})
    expect({code, ok: stdout.startsWith('scram/'), left: readdirSync(cwd)}).toEqual({code: 0, ok: true, left: []})
  })
})

describe('a topic alone', () => {
  it.each([[['rod']], [['help', 'rod']], [['rod', '--help']]])('%j lists its commands', async args => {
    const {code, stdout} = await at.run(args)
    expect(code).toBe(0)
    expect(stdout).toMatch(/rod insert +insert a control rod/)
  })

  it('counts one command as one', async () => {
    expect((await at.run(['postmortem'])).stdout).toMatch(/^scram postmortem: 1 command$/m)
    expect((await at.run(['rod'])).stdout).toMatch(/^scram rod: \d+ commands$/m)
  })

  it('scram alone is the status, with --json too', async () => {
    const fresh = machine()
    expect((await fresh.run([])).stdout).toMatch(/no incident is open/)
    expect((await fresh.json([])).code).toBe(0)
    await fresh.remove()
  })

  it('help fits a screen of 80 × 40', async () => {
    const lines = (await at.run(['help'])).stdout.trimEnd().split('\n')
    expect(lines.filter(line => line.length > 80)).toEqual([])
    expect(lines.length).toBeLessThanOrEqual(40)
  })

  it('help exit-codes prints the whole table and never 2', async () => {
    const {stdout} = await at.run(['help', 'exit-codes'])
    expect(stdout).toMatch(/\b130 +interrupted/)
    expect(stdout).not.toMatch(/^ *2 /m)
  })
})
