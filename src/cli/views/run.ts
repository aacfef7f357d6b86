import type {Answered} from '../../actions/answer-run.ts'
import {formatDuration} from '../../lib/durations.ts'
import {shortId} from '../../lib/ids.ts'
import type {RunResult} from '../../runbook/engine.ts'
import type {RunNews} from '../../runbook/ports.ts'
import type {View} from '../view.ts'
import {ONLY_WHILE_SCRAM_RUNS, oneLine, utc} from './clock-words.ts'

const MARKS: Readonly<Partial<Record<RunNews['event'], string>>> = {
  'run.started': '▶ run',
  'run.resumed': '▶ run',
  'run.parked': '‖ parked',
  'run.finished': '■ ended',
  'step.finished': '✓ done',
  'step.failed': '✗ failed',
  'step.skipped': '– skipped',
  'step.unknown': '? unknown',
  'step.settled': '✓ settled',
  'step.retrying': '↻ again',
}

/** One permanent line for what happened; null for what only begins or waits (a spinner shows that). */
export function newsLine({event, at, run, step, title, ms, detail}: RunNews): string | null {
  const mark = MARKS[event]
  if (mark === undefined) return null
  const took = ms === undefined ? '' : `  ${ms < 1000 ? `${Math.round(ms)} ms` : formatDuration(ms)}`
  return `${mark.padEnd(10)} ${at.slice(11, 19)}Z  ${(step ?? shortId(run)).padEnd(14)} ${oneLine(title ?? '', 60)}${took}${detail ? `  ${oneLine(detail, 80)}` : ''}`
}

/** In a pipe: what began, or still goes on. */
export function beginLine({event, at, run, step, title, detail, until}: RunNews): string {
  const mark = event === 'step.waiting' ? '… waits' : '… begins'
  return `${mark.padEnd(10)} ${at.slice(11, 19)}Z  ${(step ?? shortId(run)).padEnd(14)} ${oneLine(title ?? '', 60)}${detail ? `  ${oneLine(detail, 80)}` : ''}${until ? `  until ${utc(until, Date.parse(at))}` : ''}`
}

/** How a run ended or why it waits, and the commands that move it on. */
export function runView(result: RunResult): View {
  const {run, outcome, exit, step, needs, answers, counts, outputs, rodsIn, undelivered} = result
  const tally = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${count} ${what}`)
  return {
    text: [
      `run ${shortId(run)} ${outcome.replaceAll('_', ' ')}${step ? ` at ${step}` : ''}: ${tally.join(', ') || 'nothing done yet'}`,
      ...(needs ? [`  needs    ${needs}`] : []),
      ...answers.map(answer => `  then     ${answer}`),
      ...(outcome === 'parked' ? [`  reminded ${ONLY_WHILE_SCRAM_RUNS}`] : []),
      ...(rodsIn.length > 0 ? [`  rods in  ${rodsIn.join(', ')}`] : []),
      ...Object.entries(outputs).map(([name, value]) => `  ${name.padEnd(8)} ${typeof value === 'string' ? value : JSON.stringify(value)}`),
    ],
    json: {event: outcome === 'parked' ? 'run.parked' : 'run.finished', ...result},
    exit: exit === 0 && undelivered.length > 0 ? 3 : exit,
    narration: undelivered,
  }
}
/** An answer for a run that goes on elsewhere, or waits until somebody goes on with it. */
export function answeredView({run, step, driver, needs}: Answered): View {
  const next = needs
    ? `still needs ${needs}`
    : driver
      ? `${oneLine(driver, 60)} goes on with it`
      : `then     scram resume ${shortId(run)}    # by somebody who did not approve it`
  return {text: [`recorded for ${step} of run ${shortId(run)}`, `  ${next}`], json: {run, step, driver, needs}, exit: 0}
}
