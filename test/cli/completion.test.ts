import {spawn} from 'node:child_process'
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from '@jest/globals'
import {requireTool} from '../servers/require-tool.ts'
import {type Machine, machine, root} from './run-scram.ts'

let at: Machine
beforeAll(async () => {
  at = machine()
  await at.run(['open', '--private', 'Deploys hang'])
  writeFileSync(join(at.home, 'scram.yaml'), 'scram: 1\ncomponents:\n  api: {name: API}\n  web: {name: Web}\n')
  writeFileSync(join(at.home, 'notes.txt'), '')
})
afterAll(() => at.remove())

async function offered(...words: string[]): Promise<readonly string[]> {
  const {code, stdout, stderr} = await at.run(['__complete', '--', ...words])
  expect({code, stderr}).toEqual({code: 0, stderr: ''})
  return stdout
    .split('\n')
    .filter(Boolean)
    .map(line => line.split('\t')[0] ?? '')
}

describe('what TAB offers', () => {
  it('short verbs and topics at the start, hidden commands never', async () => {
    const all = await offered('')
    expect(all).toEqual(expect.arrayContaining(['open', 'in', 'rod', 'status', 'help']))
    expect(all.filter(name => name.startsWith('_'))).toEqual([])
  })

  it.each<[readonly string[], readonly string[]]>([
    [['rod', 'ins'], ['insert']],
    [['note', '--ki'], ['--kind']],
    [['note', '--kind', 'dec'], ['decision']],
    [['note', '--kind=dec'], ['--kind=decision']],
    [['open', 'x', '-s', 'sev1'], ['sev1']],
    [
      ['severity', ''],
      ['sev1', 'sev2', 'sev3', 'sev4', 'sev5'],
    ],
    [
      ['update', 'x', '-c', ''],
      ['api=', 'web='],
    ],
    [['update', 'x', '-c', 'api=op'], ['api=operational']],
    [['completion', 'f'], ['fish']],
    [['exec', '--', 'l'], [':files']],
    [['timeline', 'export', '--out', ''], [':files']],
    [['rod', 'nonsense', ''], []],
    [['nonsense', ''], []],
  ])('%j → %j', async (words, expected) => {
    expect(await offered(...words)).toEqual(expected)
  })

  it('the incident that is open, by its short id', async () => {
    const [id, ...others] = await offered('show', '')
    expect(others).toEqual([])
    expect(id).toMatch(/^\d{4}-[0-9a-z]{4}$/)
    expect(await offered('note', 'x', '--incident', id?.slice(0, 6) ?? '')).toEqual([id])
  })

  it('a flag once, but one that may be repeated again', async () => {
    const left = await offered('update', '--status', 'identified', '-c', 'api=operational', '--')
    expect(left).toContain('--component')
    expect(left).not.toContain('--status')
  })

  it('nothing, and no word, where the workspace does not parse', async () => {
    writeFileSync(join(at.home, 'scram.yaml'), 'scram: [')
    expect(await offered('in', '')).toEqual([])
    writeFileSync(join(at.home, 'scram.yaml'), 'scram: 1\ncomponents:\n  api: {name: API}\n  web: {name: Web}\n')
  })
})

describe('in the shell itself', () => {
  const path = () => `${join(root, 'bin')}:${process.env['PATH']}`
  const shell = (program: string, args: readonly string[], input: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const env = {PATH: path(), HOME: at.home, SCRAM_HOME: join(at.home, 'record'), TERM: 'dumb'}
      const child = spawn(program, args, {cwd: at.home, env, stdio: ['pipe', 'pipe', 'pipe']})
      let output = ''
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => {
          output += text
        })
      }
      child.once('error', reject)
      child.once('close', () => resolve(output))
      child.stdin.end(input)
    })

  // What bash does on TAB, without a terminal: the function is called with the line, COMPREPLY is what replaces the word.
  const bash = async (line: string) => {
    const words = line.split(' ')
    const script = `compopt() { :; }\neval "$(scram completion bash)"\nCOMP_LINE=${JSON.stringify(line)} COMP_POINT=\${#COMP_LINE}\nCOMP_WORDS=(${words.map(word => JSON.stringify(word)).join(' ')})\n_scram\nprintf '%s\\n' "\${COMPREPLY[@]}"\n`
    return (await shell('bash', ['--norc', '-c', script], '')).trim().split('\n')
  }

  it.each<[string, readonly string[]]>([
    ['scram rod ins', ['insert']],
    ['scram note --kind d', ['decision']],
    ['scram update x -c api=oper', ['operational']],
    ['scram update x -c w', ['web=']],
    ['scram timeline export --out no', ['notes.txt']],
  ])('bash: %s', async (line, expected) => {
    expect(await bash(line)).toEqual(expected)
  })

  requireTool('script')('bash with a real terminal and a real TAB', async () => {
    writeFileSync(join(at.home, 'rc'), `PS1='> '\neval "$(scram completion bash)"\n`)
    const output = await shell(
      'script',
      ['-qec', `bash --noprofile --rcfile ${join(at.home, 'rc')} -i`, '/dev/null'],
      'echo scram; scram incident sev\tsev2 --why x\nexit\n',
    )
    expect(output).toContain('scram incident severity sev2 --why x')
  })

  requireTool('fish').each<[string, readonly string[]]>([
    ['scram rod ins', ['insert']],
    ['scram note --kind d', ['decision']],
    ['scram update x -c api=oper', ['api=operational']],
    ['scram update x -c w', ['web=']],
    ['scram severity ', ['sev1', 'sev2', 'sev3', 'sev4', 'sev5']],
  ])('fish: %s', async (line, expected) => {
    const output = await shell('fish', ['--no-config', '-c', `scram completion fish | source; complete -C ${JSON.stringify(line)}`], '')
    expect(
      output
        .trim()
        .split('\n')
        .map(row => row.split('\t')[0]),
    ).toEqual(expected)
  })

  requireTool('zsh').each<[string, string]>([
    ['scram rod ins', 'scram rod insert '],
    ['scram note --kind d', 'scram note --kind decision '],
    ['scram update x -c w', 'scram update x -c web='],
    ['scram timeline export --out no', 'scram timeline export --out notes.txt '],
  ])(
    'zsh: %s',
    async (line, expected) => {
      // A second zsh on a pseudo-terminal, as a person has it; ^X writes the line as it is once the TAB has been answered.
      const script = `zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z 'PS1=""; unsetopt zle_bracketed_paste 2>/dev/null; autoload -Uz compinit; compinit -u -d ${at.home}/zcompdump; eval "$(scram completion zsh)"'
zpty -w z 'show() { print -r -- "LINE:$BUFFER:END" > ${at.home}/line }; zle -N show; bindkey "^X" show; KEYTIMEOUT=1; PS1=REA""DY'
zpty -r -m z ready '*READY*'
zpty -w -n z ${JSON.stringify(line)}$'\\t'
zpty -w -n z $'\\x18'
for try in {1..60}; do [[ -s ${at.home}/line ]] && break; sleep 0.25; done
zpty -d z
cat ${at.home}/line
rm ${at.home}/line`
      const output = await shell('zsh', ['-f', '-c', script], '')
      expect(output).toContain(`LINE:${expected}:END`)
    },
    60_000,
  )

  it.each(['bash', 'zsh', 'fish'])('the script for %s says how to install it', async name => {
    const {code, stdout} = await at.run(['completion', name])
    expect(code).toBe(0)
    expect(stdout).toContain(`scram completion ${name}`)
  })

  it('another shell is refused', async () => {
    const {code, value} = await at.json(['completion', 'tcsh'])
    expect({code, value}).toMatchObject({code: 64, value: {error: {message: 'shell "tcsh" is not one of bash, zsh, fish'}}})
  })
})
