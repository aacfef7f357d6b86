import {globSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterAll, describe, expect, it} from '@jest/globals'
import {machine, root} from '../cli/run-scram.ts'

/**
 * Transcripts, run on the built program in a fresh home, one home a file. A heading names the scene; in its ```console
 * fence stand `$ command`, the exact output (stdout and stderr as they come), and `[exit N]` unless it is 0. <utc>, <id>,
 * <port>, <n> and <any> stand for what varies; where a line begins with `... `, each line need only be contained.
 */
const FILES = [...globSync('test/journeys/*.md', {cwd: root}), ...globSync('{README.md,docs/**/*.md}', {cwd: root})].sort()
const VARIES: Readonly<Record<string, string>> = {
  '<utc>': '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{3})?Z',
  '<id>': '(?:[0-9a-f]{8}-[0-9a-f-]{27}|\\d{4}-[0-9a-z]{4,12}|r-[0-9a-z]{4,12}|[0-9a-f]{8})',
  '<port>': '\\d{2,5}',
  '<n>': '\\d+',
  '<any>': '[^\\n]*',
}

interface Step {
  readonly command: string
  readonly expected: readonly string[]
  readonly exit: number
}

for (const file of FILES) {
  const scenes = scenesOf(readFileSync(join(root, file), 'utf8'))
  if (scenes.length === 0) continue
  describe(file, () => {
    const at = machine()
    afterAll(() => at.remove())
    it.each(scenes)('$title', async ({steps}) => {
      for (const {command, expected, exit} of steps) {
        const {code, stdout} = await at.run([], {shell: `exec 2>&1; PATH=${join(root, 'bin')}:$PATH; cd "$HOME"; ${command}`})
        const isLoose = expected.some(line => line.startsWith('... '))
        const pattern = isLoose ? expected.map(line => `(?=.*${patternOf(line.replace('... ', ''))})`).join('') : `^${expected.map(patternOf).join('\n')}$`
        if (!new RegExp(pattern, 's').test(stdout.trimEnd())) expect(`$ ${command}\n${stdout.trimEnd()}`).toBe(`$ ${command}\n${expected.join('\n')}`)
        expect(`$ ${command} [exit ${code}]`).toBe(`$ ${command} [exit ${exit}]`)
      }
    })
  })
}

function scenesOf(text: string): readonly {readonly title: string; readonly steps: readonly Step[]}[] {
  const scenes = text.split(/^(?=#+ )/m).map(part => ({title: /^#+ (.*)/.exec(part)?.[1] ?? '', steps: fencesOf(part).flatMap(stepsOf)}))
  return scenes.filter(({steps}) => steps.length > 0)
}

function fencesOf(part: string): readonly string[] {
  return [...part.matchAll(/^```console\n([\s\S]*?)^```/gm)].map(([, body = '']) => body)
}

/** `$ command`, which goes on after a backslash, then what it prints. */
function stepsOf(fence: string): readonly Step[] {
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
