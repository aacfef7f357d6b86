import {globSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterAll, describe, expect, it} from '@jest/globals'
import {type Machine, machine, root} from '../cli/run-scram.ts'
import type {Fence} from '../docs/fences.ts'

/**
 * Transcripts, run on the built program in a fresh home, one home a file. A heading names the scene; in its ```console
 * fence stand `$ command`, the exact output (stdout and stderr as they come), and `[exit N]` unless it is 0. <utc>, <id>,
 * <port>, <n> and <any> stand for what varies; where a line begins with `... `, each line need only be contained.
 *
 * What its reader types first is done first, in the order of the page: a ```yaml fence that begins with `scram:` is the
 * scram.yaml of the folder from there on, a ```sh fence is run and must end well. A page without a transcript is not run.
 */
const FILES = [...globSync('test/journeys/*.md', {cwd: root}), ...globSync('{README.md,docs/**/*.md}', {cwd: root})].sort()
const VARIES: Readonly<Record<string, string>> = {
  '<utc>': '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{3})?Z',
  '<id>': '(?:[0-9a-f]{8}-[0-9a-f-]{27}|\\d{4}-[0-9a-z]{4,12}|r-[0-9a-z]{4,12}|[0-9a-f]{8})',
  '<port>': '\\d{2,5}',
  '<n>': '\\d+',
  '<any>': '[^\\n]*',
}

/** A guarded withdrawal dwells, and machines are busy. */
const LONGEST_SCENE_MS = 120_000

/** Something typed. `expected`: what it must print; null: whatever. */
interface Step {
  readonly command: string
  readonly expected: readonly string[] | null
  readonly exit: number
}

/** A whole scram.yaml that is written down. */
interface Written {
  readonly workspace: string
}

for (const file of FILES) {
  const scenes = scenesOf(readFileSync(join(root, file), 'utf8'))
  if (scenes.length === 0) continue
  describe(file, () => {
    const at = machine()
    afterAll(() => at.remove())
    it.each(scenes)(
      '$title',
      async ({steps}) => {
        for (const step of steps) {
          if ('workspace' in step) writeFileSync(join(at.home, 'scram.yaml'), step.workspace)
          else await type(at, step)
        }
      },
      LONGEST_SCENE_MS,
    )
  })
}

async function type(at: Machine, {command, expected, exit}: Step): Promise<void> {
  const {code, stdout} = await at.run([], {shell: `exec 2>&1; PATH=${join(root, 'bin')}:$PATH; cd "$HOME"; ${command}`})
  const said = stdout.trimEnd()
  if (expected && !isSaid(expected, said)) expect(`$ ${command}\n${said}`).toBe(`$ ${command}\n${expected.join('\n')}`)
  expect(`$ ${command} [exit ${code}]${code === exit ? '' : `\n${said}`}`).toBe(`$ ${command} [exit ${exit}]`)
}

function isSaid(expected: readonly string[], said: string): boolean {
  const isLoose = expected.some(line => line.startsWith('... '))
  const pattern = isLoose ? expected.map(line => `(?=.*${patternOf(line.replace('... ', ''))})`).join('') : `^${expected.map(patternOf).join('\n')}$`
  return new RegExp(pattern, 's').test(said)
}

interface Scene {
  readonly title: string
  readonly steps: (Step | Written)[]
}

/** A heading and the fences below it; in a fence a line that begins with `# ` is no heading. */
function scenesOf(text: string): readonly Scene[] {
  if (!/^```console$/m.test(text)) return []
  const scenes: Scene[] = [{title: 'before the first heading', steps: []}]
  // A fence that holds fences has more backticks than they.
  for (const [, title, , language, body = ''] of text.matchAll(/^#+ (.*)$|^(`{3,})(\w*)[^\n]*\n([\s\S]*?)^\2$/gm)) {
    if (title !== undefined) scenes.push({title, steps: []})
    else scenes.at(-1)?.steps.push(...stepsOf({language: language ?? '', body}))
  }
  return scenes.filter(({steps}) => steps.length > 0)
}

function stepsOf({language, body}: Fence): readonly (Step | Written)[] {
  if (language === 'console') return typedIn(body)
  if (language === 'sh') return [{command: `set -e\n${body}`, expected: null, exit: 0}]
  return language === 'yaml' && body.startsWith('scram:') ? [{workspace: body}] : []
}

/** `$ command`, which goes on after a backslash, then what it prints. */
function typedIn(fence: string): readonly Step[] {
  return [...fence.matchAll(/^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)/gm)].map(([, command = '', output = '']) => {
    const lines = output === '' ? [] : output.trimEnd().split('\n')
    const exit = /^\[exit (\d+)\]$/.exec(lines.at(-1) ?? '')
    return {command, expected: exit ? lines.slice(0, -1) : lines, exit: Number(exit?.[1] ?? 0)}
  })
}

function patternOf(line: string): string {
  const escaped = line.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return Object.entries(VARIES).reduce((pattern, [name, varies]) => pattern.replaceAll(name, varies), escaped)
}
