import {cpSync, mkdirSync, rmSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'

/** One trespass against each kind of rule: the file, its text, and the rule that must name it (null: its partner's). */
const TRESPASSES = [
  [
    'lib/planted-unawaited.ts',
    `import {writeFile} from 'node:fs/promises'\nexport function save(): void {\n  writeFile('a', 'b')\n}\n`,
    '@typescript-eslint/no-floating-promises',
  ],
  [
    'lib/planted-switch.ts',
    `export function name(of: 'a' | 'b'): string | undefined {\n  switch (of) {\n    case 'a':\n      return 'A'\n  }\n  return undefined\n}\n`,
    '@typescript-eslint/switch-exhaustiveness-check',
  ],
  ['lib/planted-any.ts', `export const parsed: string = JSON.parse('"a"').text\n`, '@typescript-eslint/no-unsafe-assignment'],
  ['lib/planted-mkdir.ts', `import {mkdirSync} from 'node:fs'\nmkdirSync('/proc/x/y', {recursive: true})\nexport {}\n`, 'no-restricted-syntax'],
  ['lib/planted-print.ts', `process.stdout.write('news')\nexport {}\n`, 'no-restricted-properties'],
  ['lib/planted-room.ts', `export {SEVERITIES} from '../incident/words.ts'\n`, 'lib-knows-no-room'],
  ['lib/planted-orphan.ts', `export const lonely = 1\n`, 'no-orphan'],
  ['lib/planted-cycle-a.ts', `import {b} from './planted-cycle-b.ts'\nexport const a = (): unknown => b\n`, 'no-cycle'],
  ['lib/planted-cycle-b.ts', `import {a} from './planted-cycle-a.ts'\nexport const b = (): unknown => a\n`, null],
  ['incident/planted-core.ts', `export {readFileSync} from 'node:fs'\n`, 'incident-reaches-no-core'],
  ['incident/planted-npm.ts', `export {z} from 'zod'\n`, 'incident-reaches-no-npm'],
  ['journal/planted-sibling.ts', `export type {Rod} from '../rods/rod.ts'\n`, 'journal-is-alone'],
  ['rods/drivers/planted-driver.ts', `export {open} from './http.ts'\n`, 'driver-knows-no-driver'],
  ['runbook/planted-config.ts', `export {scramHome} from '../config/home.ts'\n`, 'only-cli-reads-config'],
  ['actions/planted-store.ts', `export * from '../journal/sqlite-store.ts'\n`, 'actions-open-through-ports'],
  ['actions/planted-view.ts', `export {doneView} from '../cli/views/done.ts'\n`, 'nobody-imports-cli'],
  ['commands/planted-journal.ts', `export type {Journal} from '../journal/journal.ts'\n`, 'commands-go-through-actions'],
  ['page/planted-terminal.ts', `export {default} from 'ora'\n`, 'terminal-packages-in-cli'],
]

const isLinted = ([, , rule]) => rule !== null && /^@typescript-eslint\/|^no-restricted-/.test(rule)

/**
 * A copy of src with the trespasses in it, inside the repository so that packages resolve. `files` are those for ESLint: its
 * program holds them and what they import alone, because the types of all of src are a dozen seconds.
 */
export function plant(root) {
  const folder = join(root, '.scratch/planted')
  rmSync(folder, {recursive: true, force: true})
  mkdirSync(folder, {recursive: true})
  cpSync(join(root, 'src'), join(folder, 'src'), {recursive: true})
  const files = TRESPASSES.filter(isLinted).map(([file]) => `src/${file}`)
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({extends: '../../tsconfig.json', include: [], files}))
  for (const [file, text] of TRESPASSES) {
    mkdirSync(dirname(join(folder, 'src', file)), {recursive: true})
    writeFileSync(join(folder, 'src', file), text)
  }
  return {folder, files}
}

/** The trespasses that no finding (`{rule, file}`) names. */
export function unseen(findings) {
  return TRESPASSES.filter(([file, , rule]) => rule !== null && !findings.some(found => found.rule === rule && found.file === `src/${file}`)).map(
    ([file, , rule]) => `${rule} in src/${file}`,
  )
}

export const planted = TRESPASSES.filter(([, , rule]) => rule !== null).length
