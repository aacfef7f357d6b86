/**
 * What 198 other rods in scram.yaml cost whoever moves or lists: whole processes, a workspace of 200 rods against one of 2, in
 * pairs A B A B. Other rods are never opened, so what is left is reading the file: the last column is what 198 rods cost a
 * command beside what they cost a process that only parses the file, 1.0 = nothing per other rod but that.
 *   node build.mjs && node bench/many-rods.mjs [pairs]
 */
import {spawnSync} from 'node:child_process'
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'

const PAIRS = Number(process.argv[2] ?? 15)
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const scram = join(root, 'bin/scram')
const home = mkdtempSync(join(tmpdir(), 'scram-bench-'))
const env = {PATH: process.env.PATH, HOME: home, XDG_CACHE_HOME: join(home, 'cache')}

/** The first two are moved: a flag file is the quickest thing there is to move and to look at. */
const rod = (id, folder) => `  ${id}:
    title: Rod ${id}
    what: All writes by customers (deploy, scale, config) of what ${id} stands before
    spares: Running apps, routing, git reads; scheduled jobs and workers go on
    owner: api-team
    driver: file
    with: {path: ${join(folder, id)}}
    probe: {command: {argv: [test, -e, ${join(folder, id)}], expect: {inserted: {exit: 0}, withdrawn: {exit: 1}}}}
    verify: {timeout: 5s, every: 1ms, consecutive: 1}
    cooldown: 0s
`
function workspace(count) {
  const folder = join(home, String(count))
  mkdirSync(folder)
  const ids = Array.from({length: count}, (_, i) => `rod-${i}`)
  writeFileSync(join(folder, 'scram.yaml'), `scram: 1\nrods:\n${ids.map(id => rod(id, folder)).join('')}banks: {two: {title: Two, waves: [[rod-0, rod-1]]}}\n`)
  return {...env, SCRAM_WORKSPACE: folder, SCRAM_HOME: join(folder, 'record')}
}

/** Only reads the file, as every command does. */
const reader = join(home, 'read.mjs')
writeFileSync(
  reader,
  `import {readFileSync} from 'node:fs'
import {parseSource} from ${JSON.stringify(join(root, 'src/lib/yaml-source.ts'))}
if (!parseSource('scram.yaml', readFileSync(process.env.SCRAM_WORKSPACE + '/scram.yaml', 'utf8')).ok) process.exit(1)
`,
)

/** Processor time and wall time of one process, in ms, as the kernel tells them. */
function run(environment, argv) {
  const {status, stderr} = spawnSync('bash', ['-c', `TIMEFORMAT='%3R %3U %3S'; time "$@" >/dev/null`, 'bash', ...argv], {
    env: environment,
    encoding: 'utf8',
  })
  const [real, user, system] = stderr.trim().split('\n').at(-1).split(' ').map(Number)
  if (status !== 0 || !(user + system >= 0)) throw new Error(`${argv.join(' ')}: exit ${status}\n${stderr}`)
  return {wall: real * 1000, cpu: (user + system) * 1000}
}

const median = values => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
try {
  const [few, many] = [workspace(2), workspace(200)]
  console.log(`scram.yaml of 200 rods: ${Math.round(readFileSync(join(many.SCRAM_WORKSPACE, 'scram.yaml')).length / 1024)} KiB; ${PAIRS} pairs, medians`)
  const commands = [
    [
      'scram in rod-0',
      [
        ['in', 'rod-0', '--why', 'bench'],
        ['out', 'rod-0'],
      ],
    ],
    [
      'scram trip two',
      [
        ['trip', 'two', '--why', 'bench', '--yes'],
        ['out', 'rod-0'],
        ['out', 'rod-1'],
      ],
    ],
    ['scram rod list', [['rod', 'list']]],
    ['scram (status)', [[]]],
  ].map(([name, calls]) => [name, calls.map(args => [scram, ...args])])
  let readingMs = 0
  for (const [name, calls] of [['reading the file', [[process.execPath, reader]]], ...commands]) {
    const times = {few: [], many: []}
    for (let pair = -2; pair < PAIRS; pair += 1) {
      for (const [key, environment] of Object.entries({few, many})) {
        // What is measured is the first; the others put back what it moved.
        const [first] = calls.map(argv => run(environment, argv))
        if (pair >= 0) times[key].push(first)
      }
    }
    const of = (key, what) => median(times[key].map(each => each[what]))
    const ratio = what => (of('many', what) / of('few', what)).toFixed(2)
    const moreMs = of('many', 'cpu') - of('few', 'cpu')
    readingMs ||= moreMs
    console.log(
      `${name.padEnd(17)} cpu ×${ratio('cpu')}  wall ×${ratio('wall')} (${of('many', 'wall').toFixed(0)} against ${of('few', 'wall').toFixed(0)} ms)  198 rods: ${moreMs.toFixed(0)} ms cpu, ${(moreMs / readingMs).toFixed(2)} × reading`,
    )
  }
} finally {
  rmSync(home, {recursive: true, force: true})
}
