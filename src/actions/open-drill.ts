import {accessSync, constants} from 'node:fs'
import {mkdtemp, rmdir, stat, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {delimiter, join, resolve} from 'node:path'
import {startController} from '../drill/controller.ts'
import {holdDrillPlace} from '../drill/only-one.ts'
import {type Platform, startPlatform} from '../drill/platform.ts'
import {type DrillReport, drillReport} from '../drill/report.ts'
import {type DrillWorkspace, writeDrillWorkspace} from '../drill/workspace.ts'
import {iso} from '../lib/clock.ts'
import {Fault} from '../lib/fault.ts'
import {makeFolder} from '../lib/files.ts'
import {randomBytes} from '../lib/random.ts'
import type {Desk} from './desk.ts'
import {FOLDER_PREFIX} from './drill-folder.ts'
import {CUSTOMERS_PER_SECOND, SCENARIO} from './drill-scenario.ts'

/** What only the command line knows. */
export interface DrillHost {
  /** How this very scram is started, the Node first. */
  readonly self: readonly [string, string]
  /** The folder of the runbooks we ship. */
  readonly runbooks: string
  readonly path: string | undefined
  /** A desk of the drill's own: these variables name its home and workspace, and reach the children of its steps. */
  openDesk(env: Readonly<Record<string, string>>): DrillDesk
}

export interface DrillDesk extends Desk {
  close(): Promise<void>
}

export interface OpenDrill extends DrillWorkspace {
  readonly folder: string
  readonly platform: Platform
  readonly desk: DrillDesk
  /** Ends with the caller's signal or with `scram drill down`. */
  readonly signal: AbortSignal
  /** `scram drill down` was asked for. */
  isDown(): boolean
  report(): Promise<DrillReport>
  /** Ends every process, stops listening and gives the place back. Twice is once. */
  close(): Promise<void>
}

export interface OpenDrillOptions {
  readonly out?: string | undefined
  readonly seed?: number | undefined
}

/**
 * Platform, workspace and controller of one drill, with a desk that knows nothing of the user's own record. When it
 * rejects nothing is left running.
 * @throws Fault drill.busy · usage.invalid (the folder cannot be used) · guard.refused (a drill was held in it before) ·
 * the signal's reason
 */
export async function openDrill(host: DrillHost, {out, seed}: OpenDrillOptions, given: AbortSignal): Promise<OpenDrill> {
  const down = new AbortController()
  const signal = AbortSignal.any([given, down.signal])
  // A folder that cannot be used is said whoever else holds a drill.
  const folder = await drillFolder(out)
  const closers: (() => Promise<void> | void)[] = [await placeFor(folder, out === undefined)]
  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= closeAll(closers)
    return closing
  }
  try {
    const roleArgv = [...host.self, '__drill-role']
    const platform = await startPlatform({folder, signal, roleArgv, customersPerSecond: CUSTOMERS_PER_SECOND, ...(seed !== undefined && {seed})})
    closers.push(platform.stop)
    const made = await writeDrillWorkspace(folder, {runbooks: host.runbooks, platform})
    const bin = await writeSelf(folder, host.self)
    const desk = host.openDesk({
      SCRAM_HOME: made.home,
      SCRAM_WORKSPACE: made.workspace,
      SCRAM_DRILL: folder,
      PATH: [bin, ...(host.path ? [host.path] : [])].join(delimiter),
    })
    closers.push(desk.close)
    const report = async () => reportOf(desk, platform)
    const controller = await startController({
      folder,
      token: Buffer.from(randomBytes(24)).toString('base64url'),
      verbs: {
        break: async () => platform.break().then(() => ({broken: true})),
        patch: async () => platform.patch().then(() => ({patched: true})),
        report,
        down: async () => {
          setTimeout(() => down.abort(new DOMException('the drill was ended by drill down', 'AbortError')), ANSWER_FIRST_MS)
          return {ending: true}
        },
      },
    })
    closers.push(controller.close)
    return {...made, folder, platform, desk, signal, isDown: () => down.signal.aborted, report, close}
  } catch (error) {
    await close()
    throw error
  }
}

/** The answer to `down` is on its way before the end begins. */
const ANSWER_FIRST_MS = 50

/** All of them, the newest first, also when one fails; the first failure is told. */
async function closeAll(closers: readonly (() => Promise<void> | void)[]): Promise<void> {
  const failures: unknown[] = []
  for (const closer of closers.toReversed()) await Promise.resolve(closer()).catch(error => failures.push(error))
  if (failures.length > 0) throw failures[0]
}

/** A folder that was made for nothing is taken away. */
async function placeFor(folder: string, isOurs: boolean): Promise<() => void> {
  try {
    return await holdDrillPlace()
  } catch (error) {
    if (isOurs) await rmdir(folder)
    throw error
  }
}

async function drillFolder(out: string | undefined): Promise<string> {
  if (out === undefined) return mkdtemp(join(tmpdir(), FOLDER_PREFIX)).catch(cannotBeUsed(tmpdir()))
  const folder = resolve(out)
  try {
    makeFolder(folder)
    accessSync(`${folder}/.`, constants.W_OK | constants.X_OK) // the dot: a file in its place is no folder
  } catch (error) {
    cannotBeUsed(folder)(error as NodeJS.ErrnoException) // both throw Node's own
  }
  const isUsed = await stat(join(folder, 'home')).then(
    () => true,
    () => false,
  )
  if (isUsed)
    throw new Fault('guard.refused', `a drill was held in ${folder} before; its record would be mixed with this one`, {hints: ['--out names another folder']})
  return folder
}

function cannotBeUsed(folder: string): (error: NodeJS.ErrnoException) => never {
  return cause => {
    throw new Fault('usage.invalid', `a drill cannot be held in ${folder} (${cause.code ?? cause.message})`, {hints: ['--out names another folder'], cause})
  }
}

/** `scram` in a step or a shell of the drill is this very program, not another one on the PATH. */
async function writeSelf(folder: string, self: DrillHost['self']): Promise<string> {
  const bin = join(folder, 'bin')
  makeFolder(bin)
  await writeFile(join(bin, 'scram'), `#!/bin/sh\nexec ${self.map(quoted).join(' ')} "$@"\n`, {mode: 0o700})
  return bin
}

const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`

async function reportOf(desk: Desk, platform: Platform): Promise<DrillReport> {
  const journal = await desk.journal()
  return drillReport({scenario: SCENARIO, stats: await platform.stats(), events: await journal.events(), now: iso(desk.clock.now())})
}
