import {copyFile, writeFile} from 'node:fs/promises'
import {join, resolve} from 'node:path'
import type {DrillReport} from '../drill/report.ts'
import {Fault, isAbort} from '../lib/fault.ts'
import type {RunResult} from '../runbook/engine.ts'
import type {RunNews} from '../runbook/ports.ts'
import type {Desk} from './desk.ts'
import {draftPostmortem} from './draft-postmortem.ts'
import {SCENARIO} from './drill-scenario.ts'
import {type DrillHost, type OpenDrill, type OpenDrillOptions, openDrill} from './open-drill.ts'
import {runRunbook} from './run-runbook.ts'

export interface RunDrill extends OpenDrillOptions {
  readonly scenario: string
  /** Nobody is asked. Without a terminal nobody is asked anyway. */
  readonly auto: boolean
  readonly host: DrillHost
  say(line: string): void
  tell(news: RunNews): void
}

export interface DrillRun {
  readonly folder: string
  readonly report: DrillReport
  readonly run: RunResult
  /** What lies in the folder afterwards. */
  readonly files: {readonly page: string; readonly timeline: string; readonly report: string; readonly postmortem: string | null}
}

/** The report judges whole seconds before the break: without some it could not say that anything broke. */
const BASELINE_MS = 3000
/** Nobody answers an alert in no time; and an outage shorter than two whole seconds could fall between the counted ones. */
const REACTION_MS = 2000

/**
 * A whole drill in one process: platform, break, alert, runbook, report, and nothing of it left running.
 * @throws Fault usage.invalid (no such scenario) · drill.busy · guard.refused · the signal's reason
 */
export async function runDrill({scenario, auto, host, say, tell, ...options}: RunDrill, given: AbortSignal): Promise<DrillRun> {
  if (scenario !== SCENARIO) throw new Fault('usage.invalid', `there is no scenario "${scenario.slice(0, 60)}"`, {hints: [`scram drill run ${SCENARIO}`]})
  const drill = await openDrill(host, options, given)
  const {folder, platform, desk, signal} = drill
  try {
    say(`drill in ${folder}`)
    say('the platform is up; its customers are watched for a moment')
    await desk.clock.sleep(BASELINE_MS, signal)
    say('its router meets a record it does not know')
    await platform.break()
    const alert = await platform.alerted(signal)
    say(`first alert ${alert}`)
    const isAuto = auto || desk.ask === null
    if (isAuto) await desk.clock.sleep(REACTION_MS, signal)
    const inputs = {router: platform.router.url, alert, auto: String(isAuto)}
    const run = await runRunbook(desk, {runbook: 'drill-routing', inputs, yes: isAuto, tell}, {stop: signal, kill: signal})
    signal.throwIfAborted()
    return {folder, run, ...(await keep(drill, run))}
  } catch (error) {
    // A process that ended because we were told to end is no failure of the other side.
    if (signal.aborted && !isAbort(error)) throw signal.reason
    throw error
  } finally {
    await drill.close()
  }
}

async function keep(drill: OpenDrill, run: RunResult): Promise<Pick<DrillRun, 'report' | 'files'>> {
  const {folder, page, desk} = drill
  const report = await drill.report()
  const files = {page, timeline: join(folder, 'timeline.jsonl'), report: join(folder, 'report.json'), postmortem: await postmortemOf(desk, folder, run)}
  await writeFile(files.report, `${JSON.stringify(report, null, 2)}\n`, {mode: 0o600})
  await writeFile(files.timeline, exported(desk), {mode: 0o600})
  return {report, files}
}

async function* exported(desk: Desk): AsyncGenerator<string> {
  const journal = await desk.journal()
  for await (const line of journal.export()) yield `${line.trimEnd()}\n`
}

/** What the runbook's last step wrote, beside the report; drafted here when the run did not get so far. */
async function postmortemOf(desk: Desk, folder: string, {outputs}: RunResult): Promise<string | null> {
  const out = join(folder, 'postmortem.md')
  const {draft} = outputs
  if (typeof draft === 'string' && resolve(draft) === out) return out
  try {
    if (typeof draft === 'string') await copyFile(draft, out)
    else await draftPostmortem(desk, {out})
    return out
  } catch (error) {
    if (!(error instanceof Fault) && !(error instanceof Error && 'code' in error)) throw error
    desk.narrate(`the postmortem could not be drafted: ${error.message}`) // the figures of the drill are no worse for it
    return null
  }
}
