import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import type {Ask, Choice, Desk, RodShelf} from '../actions/desk.ts'
import {actorName, cacheFolder, configFolder, scramHome} from '../config/home.ts'
import type {OpenedWorkspace} from '../config/opened-workspace.ts'
import {readUserFile} from '../config/user-file.ts'
import type {Board} from '../incident/board-state.ts'
import type {Actor} from '../incident/events.ts'
import type {Journal, Trouble} from '../journal/journal.ts'
import {systemClock} from '../lib/clock.ts'
import {makeIds} from '../lib/ids.ts'
import {type Memos, openMemos} from '../lib/memos.ts'
import {randomBytes} from '../lib/random.ts'
import {packageRoot} from './package-root.ts'
import {redactor} from './redactor.ts'

/** Put in place by build.mjs. */
declare const SCRAM_BUILD: string | undefined

/** Another one for any change of the program; null: run from its sources, it may change without a new name. */
const BUILD = typeof SCRAM_BUILD === 'undefined' ? null : SCRAM_BUILD

export interface DeskOptions {
  readonly incident?: string
  readonly workspace?: string
  readonly json: boolean
  /** Default: a person. */
  readonly actorKind?: Actor['kind']
  narrate(line: string): void
}

/** The desk of a command line: what was opened is known, so that it can be closed and reminded of. */
export interface OpenDesk extends Desk {
  /** The board an action folded last; null: none looked. */
  board(): Board | null
  /** Whether an action recorded anything. */
  hasRecorded(): boolean
  trouble(): readonly Trouble[]
  close(): Promise<void>
}

/** Openers only: nothing is opened, parsed or imported here. Each opener opens once. */
export function makeDesk({incident, workspace, json, actorKind = 'person', narrate}: DeskOptions): OpenDesk {
  const env = process.env
  const home = scramHome(env)
  const ids = makeIds(randomBytes)
  const {settings, problems} = readUserFile(configFolder(env))
  for (const problem of problems) narrate(problem)
  const actor = {name: actorName(env, settings.actor), kind: actorKind}
  const memos = memosOf(env)
  let board: Board | null = null
  let hasRecorded = false
  let journal: Promise<Journal> | undefined
  let opened: Journal | undefined
  let found: Promise<OpenedWorkspace> | undefined
  let shelf: Promise<RodShelf> | undefined

  const openWorkspace = () => {
    found ??= import('../config/open-workspace.ts').then(({openWorkspace}) =>
      openWorkspace({named: workspace ?? env['SCRAM_WORKSPACE'], from: process.cwd(), home, env, redactor, memos}),
    )
    return found
  }

  const record = {home, clock: systemClock, ids, actor, redact: redactor.redactJson, lastResort: narrate}

  return {
    clock: systemClock,
    ids,
    actor,
    home,
    version: () => (JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {version: string}).version,
    build: () => BUILD,
    memos,
    choice: choiceOf(incident ?? (env['SCRAM_INCIDENT'] || null), home),
    journal() {
      journal ??= import('../journal/open-journal.ts').then(async ({openJournal}) => {
        opened = await openJournal(record)
        return opened
      })
      return journal
    },
    async reopen() {
      const before = opened
      journal = undefined
      await before?.close()
    },
    repair: {
      recover: async () => (await import('../journal/recover-journal.ts')).recoverJournal(record),
      newEpoch: async () => (await import('../journal/recover-journal.ts')).startEpoch(record),
    },
    workspace: async () => (await openWorkspace()).workspace,
    rods() {
      shelf ??= Promise.all([openWorkspace(), import('./rod-shelf.ts')]).then(([opened, {rodShelf}]) => rodShelf(opened))
      return shelf
    },
    checkWorkspace: async () => (await openWorkspace()).check(),
    rehearse: async clock => {
      const {openMemoryJournal} = await import('../journal/open-memory-journal.ts')
      return openMemoryJournal({clock, ids, actor, redact: redactor.redactJson})
    },
    secret: async reference => {
      const {makeSecrets} = await import('../lib/secrets.ts')
      const folder = (await openWorkspace()).workspace.folder ?? process.cwd()
      return (await makeSecrets({env, folder, know: redactor.know}).get(reference)).reveal()
    },
    redact: redactor.redact,
    redactStream: redactor.stream,
    narrate,
    notice(seen, isAfterRecording = false) {
      board = seen
      hasRecorded ||= isAfterRecording
    },
    // Asked for when there is a question: looking whether this is a terminal loads `tty`.
    get ask() {
      return json || !process.stdin.isTTY || !process.stderr.isTTY ? null : askLazily()
    },
    board: () => board,
    hasRecorded: () => hasRecorded,
    trouble: () => opened?.trouble() ?? [],
    async close() {
      await opened?.close()
    },
  }
}

function memosOf(env: NodeJS.ProcessEnv): Memos {
  const folder = cacheFolder(env)
  return openMemos(folder === null ? null : join(folder, 'memos'), BUILD)
}

/** Inquirer is loaded with the first question. */
function askLazily(): Ask {
  return {
    confirm: async (question, signal) => (await import('./prompts.ts')).ask.confirm(question, signal),
    text: async (question, signal) => (await import('./prompts.ts')).ask.text(question, signal),
    choose: async (question, choices, signal) => (await import('./prompts.ts')).ask.choose(question, choices, signal),
  }
}

function choiceOf(named: string | null, home: string | null): Choice {
  return {
    named,
    used: async () => (home === null ? null : (await import('./used-incident.ts')).readUsed(home)),
    use: async incident => (await import('./used-incident.ts')).writeUsed(home, incident),
  }
}
