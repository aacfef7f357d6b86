// Writes what is printed from code: docs/reference/ and schemas/. `--check` writes nothing and fails on a difference.
// Run by `npm run generate`, after `node build.mjs --sources`.
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {actionTable} from '../src/actions/table.ts'
import {MEANING} from '../src/cli/exit.ts'
import {helpLines} from '../src/cli/help.ts'
import {workspaceJsonSchema} from '../src/config/json-schemas.ts'
import {manifest} from '../src/manifest.ts'
import {DRIVERS} from '../src/rods/registry.ts'
import {runbookJsonSchema, testJsonSchema} from '../src/runbook/json-schema.ts'
import {driversPage} from './driver-reference.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const isCheck = process.argv.includes('--check')
const stale = []

emit('docs/reference/commands.json', json(sorted(manifest)))
emit('docs/reference/commands.md', commandsPage())
emit('docs/reference/exit-codes.md', exitCodesPage())
emit('docs/reference/drivers.md', await driversPage(DRIVERS))
emit('schemas/scram.schema.json', json(workspaceJsonSchema()))
emit('schemas/runbook.schema.json', json(runbookJsonSchema(actionTable.ids())))
emit('schemas/runbook-test.schema.json', json(testJsonSchema()))

if (stale.length > 0) {
  console.error(`out of date: ${stale.join(', ')}\nnpm run generate, then look at the difference: it is what changes for users`)
  process.exitCode = 1
}

function emit(path, text) {
  const file = join(root, path)
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return
  stale.push(path)
  if (isCheck) return
  mkdirSync(dirname(file), {recursive: true})
  writeFileSync(file, text)
  console.log(`wrote ${path}`)
  stale.pop()
}

function json(value) {
  return `${JSON.stringify(value, null, 2)}\n`
}

function sorted(value) {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map(key => [key, sorted(value[key])]),
  )
}

function commandsPage() {
  const shown = Object.values(manifest).filter(({hidden}) => !hidden)
  const sections = shown.map(({id}) => `## scram ${id.replaceAll(':', ' ')}\n\n\`\`\`text\n${helpLines(id.split(':')).join('\n')}\n\`\`\``)
  return ['# Commands', 'Printed from the commands themselves; `scram help COMMAND` shows the same.', ...sections, ''].join('\n\n')
}

function exitCodesPage() {
  const rows = Object.entries(MEANING).map(([code, meaning]) => `| ${code} | ${meaning} |`)
  return [
    '# Exit codes',
    '',
    'The same with and without `--json`. A script must treat a code that is not listed as failure. 2 is never used.',
    '',
    '| code | meaning |',
    '|---|---|',
    ...rows,
    '',
  ].join('\n')
}
