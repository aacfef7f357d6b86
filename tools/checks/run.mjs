// Typed lint, room rules, dead code, with the TypeScript 6 of this folder: TypeScript 7 has no JavaScript API, and the same
// tools beside it find no files and are happy. So this counts what was read, and plants trespasses that must be found.
import {execFile} from 'node:child_process'
import {globSync, readFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {dirname, join, relative} from 'node:path'
import {fileURLToPath} from 'node:url'
import {plant, planted, unseen} from './planted.mjs'

const checks = dirname(fileURLToPath(import.meta.url))
const root = dirname(dirname(checks))
const problems = []
const fail = line => problems.push(line)

const typescript = await resolvedTypescript()
const sources = globSync('src/**/*.ts', {cwd: root})
if (sources.length === 0) fail('no .ts file below src')
const copy = plant(root)
// The typed lint of all of src takes longer than the others together: they go one after the other beside it.
const [lint, [cruise, plantedLint, plantedCruise, dead]] = await Promise.all([
  eslint(root, ['src/**/*.ts']),
  inTurn([() => cruiser(root), () => eslint(copy.folder, copy.files), () => cruiser(copy.folder), knip]),
])

if (lint.files < sources.length) fail(`ESLint read ${lint.files} files of ${sources.length}`)
if (cruise.modules < sources.length) fail(`dependency-cruiser read ${cruise.modules} modules of ${sources.length}`)
for (const {rule, file, line, message} of [...lint.errors, ...cruise.errors, ...dead.errors]) fail(`${file}${line ? `:${line}` : ''}  ${rule}  ${message}`)
for (const missed of unseen([...plantedLint.errors, ...plantedCruise.errors])) fail(`planted trespass not found: ${missed}`)

console.log(
  `typescript ${typescript} · ${sources.length} files in src · ${lint.files} linted · ${cruise.modules} modules cruised, ${cruise.dependencies} dependencies`,
)
console.log(`planted trespasses found: ${planted - unseen([...plantedLint.errors, ...plantedCruise.errors]).length} of ${planted}`)
console.log(`shown, not failed: ${tally([...lint.warnings, ...dead.warnings])}`)
longest(
  'longest files',
  sources.map(file => [readFileSync(join(root, file), 'utf8').split('\n').length - 1, file]),
)
longest(
  'longest functions',
  lint.warnings
    .filter(({rule}) => rule === 'max-lines-per-function')
    .map(({file, line, message}) => [Number(/\((\d+)\)/.exec(message)?.[1]), `${file}:${line}`]),
)
if (problems.length > 0) {
  console.error(`\n${problems.join('\n')}\n\n${problems.length} problems`)
  process.exitCode = 1
}

async function inTurn(tasks) {
  const results = []
  for (const task of tasks) results.push(await task())
  return results
}

async function resolvedTypescript() {
  try {
    const {version} = createRequire(join(checks, 'package.json'))('typescript')
    if (!version.startsWith('6.')) fail(`typescript as resolved from tools/checks is ${version}, not 6: npm install --prefix tools/checks`)
    return version
  } catch (error) {
    fail(`typescript does not resolve from tools/checks (${error.code}): npm install --prefix tools/checks`)
    return 'missing'
  }
}

async function eslint(cwd, patterns) {
  const output = await run(cwd, 'eslint/bin/eslint.js', ['--config', join(checks, 'eslint.config.js'), '-f', 'json', ...patterns])
  const results = parsed(output, 'ESLint') ?? []
  const all = results.flatMap(({filePath, messages}) =>
    messages.map(({ruleId, line, message, severity, fatal}) => ({
      rule: ruleId ?? 'parse',
      file: relative(cwd, filePath),
      line,
      message,
      isError: severity === 2 || fatal === true,
    })),
  )
  return {files: results.length, errors: all.filter(({isError}) => isError), warnings: all.filter(({isError}) => !isError)}
}

async function cruiser(cwd) {
  const output = await run(cwd, 'dependency-cruiser/bin/dependency-cruiser.mjs', ['--config', join(checks, 'rooms.cjs'), '-T', 'json', 'src'])
  const {modules = [], summary} = parsed(output, 'dependency-cruiser') ?? {}
  const comments = new Map((summary?.ruleSetUsed?.forbidden ?? []).map(({name, comment}) => [name, comment]))
  return {
    modules: modules.filter(({source}) => source.startsWith('src/')).length,
    dependencies: summary?.totalDependenciesCruised ?? 0,
    errors: (summary?.violations ?? []).map(({rule, from, to}) => ({
      rule: rule.name,
      file: from,
      message: `${from === to ? '' : `→ ${to}: `}${comments.get(rule.name) ?? ''}`,
    })),
  }
}

/** Files and packages nobody uses, imports of packages nobody declared; unused exports are only shown. */
async function knip() {
  const output = await run(root, 'knip/bin/knip.js', ['--config', join(checks, 'knip.json'), '--reporter', 'json', '--no-progress'])
  const {issues = []} = parsed(output, 'knip') ?? {}
  const all = issues.flatMap(({file, ...kinds}) =>
    Object.entries(kinds).flatMap(([kind, found]) =>
      Array.isArray(found) ? found.map(({name, line}) => ({rule: `knip/${kind}`, file, line, message: name ?? ''})) : [],
    ),
  )
  const isShown = ({rule}) => /exports|types|duplicates/.test(rule)
  return {errors: all.filter(each => !isShown(each)), warnings: all.filter(isShown)}
}

function run(cwd, script, args) {
  const file = join(checks, 'node_modules', script)
  return new Promise(resolve => execFile(process.execPath, [file, ...args], {cwd, maxBuffer: 1 << 28}, (_error, stdout, stderr) => resolve({stdout, stderr})))
}

function parsed({stdout, stderr}, tool) {
  try {
    return JSON.parse(stdout)
  } catch {
    fail(`${tool} gave no result: ${(stderr || stdout).trim().slice(0, 600)}`)
    return undefined
  }
}

function tally(warnings) {
  const counts = Object.groupBy(warnings, ({rule}) => rule)
  return (
    Object.entries(counts)
      .map(([rule, found]) => `${found.length} ${rule.replace('@typescript-eslint/', '')}`)
      .join(' · ') || 'nothing'
  )
}

function longest(title, rows) {
  const ten = rows.toSorted(([a], [b]) => b - a).slice(0, 10)
  console.log(`${title}: ${ten.map(([lines, name]) => `${lines} ${name}`).join(' · ') || 'none over 40 lines'}`)
}
