/**
 * What the engine of runbooks costs beyond its own commits.
 *   node bench/engine.mjs
 * 1. 500 steps that do nothing, on a record on disk, against the bare appends of the same events in the same transactions.
 *    Rounds alternate, the median counts. Budget: 1 ms a step.
 * 2. A run of 1,000 steps, cut off before its last one: from its events to that step. Budget: 100 ms beyond start-up.
 * 3. 5 and 15 steps of `scram run`, each a child process, and as many local tasks of `ansible-playbook` where it is installed
 *    (Debian's ansible-core): the difference a step. Rounds alternate, the median counts; after a minute no other is begun.
 * All of it takes a minute, two and a half on a machine that is busy; without Ansible half of that.
 */
import {spawnSync} from 'node:child_process'
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {openJournal} from '../src/journal/open-journal.ts'
import {systemClock} from '../src/lib/clock.ts'
import {makeIds} from '../src/lib/ids.ts'
import {randomBytes} from '../src/lib/random.ts'
import {resumeRun, startRun} from '../src/runbook/engine.ts'
import {loadRunbook} from '../src/runbook/load.ts'

const ROUNDS = 7
const folder = mkdtempSync(join(tmpdir(), 'scram-bench-'))
const never = new AbortController().signal
const median = values => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
const say = (what, figure) => process.stdout.write(`${what.padEnd(64)} ${figure}\n`)

let journals = 0
const journal = () =>
  openJournal({
    home: join(folder, `home-${++journals}`),
    clock: systemClock,
    ids: makeIds(randomBytes),
    actor: {name: 'bench', kind: 'run'},
    redact: value => value,
    emergencyFolders: [],
  })

const row = {id: 'nothing', effect: 'idempotent', resume: 'safe', outputs: {}, check: async () => [], describe: () => 'nothing'}
const options = {run: 'r-bench', by: 'bench', yes: true, stop: never, kill: never}

function portsOver(record, appended, perform = async () => ({end: 'finished', outputs: {}})) {
  return {
    clock: systemClock,
    actions: {get: uses => (uses === 'nothing' ? row : undefined), ids: () => ['nothing']},
    append(drafts) {
      appended.push(drafts)
      return record.append('0607-bench', drafts)
    },
    perform,
    state: async () => ({incident: null, rods: {inserted: 0, position: {}, in: []}}),
    events: async () => record.events({run: 'r-bench'}),
    ask: null,
    changed: () => new Promise(() => {}),
    between: async () => true,
    tell: () => {},
  }
}

function runbookOf(steps) {
  const loading = loadRunbook('bench.yaml', `scram: 1\nrunbook: bench\ntitle: B\nsteps:\n${steps}`)
  if (!loading.ok) throw new Error(JSON.stringify(loading.findings))
  return loading.loaded
}

// ---- 1 ----
const STEPS = 500
const flat = runbookOf(Array.from({length: STEPS}, (_, i) => `  - { id: s${i}, uses: nothing }\n`).join(''))
const [engine, bare] = [[], []]
for (let round = 0; round <= ROUNDS; round++) {
  const appended = []
  const [mine, theirs] = [await journal(), await journal()]
  let begin = performance.now()
  await startRun(portsOver(mine, appended), flat, {...options, inputs: {}, mode: 'auto'})
  const took = performance.now() - begin
  begin = performance.now()
  for (const drafts of appended) await theirs.append('0607-bench', drafts)
  const raw = performance.now() - begin
  if (round > 0) {
    engine.push(took)
    bare.push(raw)
  }
  await Promise.all([mine.close(), theirs.close()])
}
const beyond = median(engine.map((took, i) => took - bare[i])) / STEPS
say(
  `${STEPS} durable steps against the bare appends of their events`,
  `${(median(engine) / median(bare)).toFixed(2)}x, ${beyond.toFixed(3)} ms a step beyond them (≤ 1 ms)`,
)

// ---- 2 ----
const items = Array.from({length: 100}, (_, i) => `i${i}`).join(', ')
const body = Array.from({length: 10}, (_, i) => `      - { id: s${i}, uses: nothing }\n`).join('')
const long = runbookOf(`  - id: l\n    for_each: [${items}]\n    steps:\n${body}  - { id: last, uses: nothing }\n`)
const cut = await journal()
class Cut extends Error {}
const until = async ({instance}) => {
  if (instance.startsWith('last')) throw new Cut()
  return {end: 'finished', outputs: {}}
}
await startRun(portsOver(cut, [], until), long, {...options, inputs: {}, mode: 'auto'}).catch(error => {
  if (!(error instanceof Cut)) throw error
})
const resumes = []
for (let round = 0; round <= ROUNDS; round++) {
  const begin = performance.now()
  let reached = 0
  const ports = portsOver(cut, [], async () => {
    reached = performance.now()
    throw new Cut()
  })
  // Each attempt is one more that nobody saw the end of: nothing is kept of it, so that it stays the first.
  const events = await cut.events({run: 'r-bench'})
  await resumeRun({...ports, append: async drafts => drafts}, events, options).catch(error => {
    if (!(error instanceof Cut)) throw error
  })
  if (round > 0) resumes.push(reached - begin)
}
await cut.close()
say('resume of a run of 1,000 steps, from its events to the next step', `${median(resumes).toFixed(0)} ms (≤ 100 ms)`)

// ---- 3 ----
function timed(command, args, more = {}) {
  const begin = performance.now()
  const {status, stderr, error} = spawnSync(command, args, {encoding: 'utf8', ...more})
  if (status !== 0) throw error ?? new Error(stderr)
  return performance.now() - begin
}

const [FEW, MANY] = [5, 15]
const LONGEST_MS = 60_000

/** A step beyond the first few, of each engine, measured in turns. */
function perStep(engines) {
  const times = engines.map(() => ({[FEW]: [], [MANY]: []}))
  const begin = performance.now()
  let rounds = 0
  for (; rounds < 3 && (rounds === 0 || performance.now() - begin < LONGEST_MS); rounds++)
    for (const count of [FEW, MANY]) for (const [i, run] of engines.entries()) times[i][count].push(run(count))
  return {rounds, ms: times.map(each => (median(each[MANY]) - median(each[FEW])) / (MANY - FEW))}
}

const workspace = join(folder, 'workspace')
mkdirSync(join(workspace, 'runbooks'), {recursive: true})
writeFileSync(join(workspace, 'scram.yaml'), 'scram: 1\n')
for (const count of [FEW, MANY]) {
  const steps = Array.from({length: count}, (_, i) => `  - { id: s${i}, run: ["true"], effect: idempotent }\n`).join('')
  writeFileSync(join(workspace, `runbooks/t${count}.yaml`), `scram: 1\nrunbook: t${count}\ntitle: T\nsteps:\n${steps}`)
  const tasks = Array.from({length: count}, () => '    - command: "true"\n').join('')
  writeFileSync(join(folder, `t${count}.yml`), `- hosts: localhost\n  connection: local\n  gather_facts: false\n  tasks:\n${tasks}`)
}
const env = {...process.env, SCRAM_HOME: join(folder, 'record'), ANSIBLE_LOCALHOST_WARNING: 'False', ANSIBLE_INVENTORY_UNPARSED_WARNING: 'False'}
const scram = join(import.meta.dirname, '../bin/scram')
const version = spawnSync('ansible-playbook', ['--version'], {encoding: 'utf8'})
const ansible = /core [\d.]+/.exec(version.stdout ?? '')?.[0] ?? null
const {rounds, ms} = perStep([
  count => timed(scram, ['run', `t${count}`, '--workspace', workspace], {env}),
  ...(ansible === null ? [] : [count => timed('ansible-playbook', [join(folder, `t${count}.yml`)], {env})]),
])
const [ours, theirs] = ms
say(`a step of \`scram run\` with a child, from ${FEW} to ${MANY}, ${rounds} rounds`, `${ours.toFixed(1)} ms`)
say(
  `the same as a task of ansible-playbook${ansible === null ? '' : ` (${ansible})`}`,
  theirs === undefined ? 'not measured: it is not installed (apt-get install ansible-core)' : `${theirs.toFixed(1)} ms, ${(theirs / ours).toFixed(0)}x`,
)
rmSync(folder, {recursive: true})
