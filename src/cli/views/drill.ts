import type {Asked} from '../../actions/ask-drill.ts'
import type {DrillIsUp} from '../../actions/drill-up.ts'
import type {DrillRun} from '../../actions/run-drill.ts'
import type {DrillReport} from '../../drill/report.ts'
import {shellQuote} from '../../lib/text.ts'
import type {View} from '../view.ts'

const EXITS = {held: 0, 'not-held': 1, inconclusive: 75} as const

/** What the drill showed, why that is or is not a pass, and where everything lies. */
export function drillRunView({folder, report, run, files}: DrillRun): View {
  const parked = run.outcome === 'parked' ? ['', `the runbook stopped at ${run.step ?? '?'}, and its platform is gone; hold another: scram drill run`] : []
  const {page, timeline, postmortem, report: json} = files
  const places = [
    ['page', page],
    ['timeline', timeline],
    ['postmortem', postmortem ?? 'not written'],
    ['report', json],
  ].map(([name = '', path = '']) => `  ${name.padEnd(11)}${path}`)
  return {
    text: [...reportLines(report), ...parked, '', folder, ...places],
    json: {folder, outcome: report.outcome, files, run, report},
    // Ctrl-C at a question of the runbook ends the drill as it does between them.
    exit: run.exit === 130 ? 130 : EXITS[report.outcome],
  }
}

export function drillReportView({answer}: Asked): View {
  const report = answer as DrillReport // the controller is this very program, in the same version
  return {text: reportLines(report), json: report, exit: EXITS[report.outcome]}
}

export function drillAskedView({folder, answer}: Asked, line: string): View {
  return {text: [line], json: {folder, ...answer}, exit: 0}
}

/** What a second terminal is to paste. */
export function drillUpLines({folder, home, workspace, router, api}: DrillIsUp): readonly string[] {
  return [
    `export SCRAM_HOME=${shellQuote(home)} SCRAM_WORKSPACE=${shellQuote(workspace)} SCRAM_DRILL=${shellQuote(folder)}`,
    '',
    `router  ${router}/app/app1`,
    `api     ${api}/apps`,
    '',
    'In a second terminal: paste the export, then',
    '  scram drill break      what breaks that day',
    '  scram drill patch      the repair, when you have contained it',
    '  scram drill report     what it showed',
    '  scram drill down       ends it, as Ctrl-C does here',
  ]
}

export function drillEndedView({folder, endedBy}: {readonly folder: string; readonly endedBy: 'down' | 'signal'}): View {
  return {text: [], json: {folder, endedBy}, exit: endedBy === 'down' ? 0 : 130, narration: [`the drill has ended; its record is in ${folder}`]}
}

function reportLines({scenario, seed, outcome, impact, api, communication, theDay, expectations, doubts}: DrillReport): readonly string[] {
  const {completeOutage, patchToLiveMs, share} = impact
  const row = (name: string, here: string, day: string) => `  ${name.padEnd(18)}${here.padEnd(31)}${day}`
  return [
    `${scenario}, seed ${seed}: ${OUTCOMES[outcome]}`,
    ...doubts.map(doubt => `  ? ${doubt}`),
    ...expectations.map(({name, isHeld, figure, margin}) => `  ${isHeld ? '✓' : '✗'} ${name}: ${figure} (${margin})`),
    '',
    row('', 'this drill', 'that day'),
    row('public incident', span(communication.alertToReadableMs, 'after the alert'), theDay.publicIncident),
    row('complete outage', completeOutage ? `${completeOutage.seconds} s` : 'none', theDay.completeOutage),
    row('patch to live', span(patchToLiveMs, ''), 'not stated'),
    row('impact', share === null ? 'nothing was asked' : `${(share * 100).toFixed(1)} % of requests answered`, theDay.impact),
    row('rod', `${api.refused} refused, ${api.served} served`, theDay.rod),
    row('after withdrawal', afterWithdrawal(api), 'not stated'),
  ]
}

function afterWithdrawal({timeoutsAfterWithdrawal: timeouts, isSecondIncident}: DrillReport['api']): string {
  if (timeouts === null) return 'no rod was withdrawn'
  return `${timeouts} timeouts${isSecondIncident ? ': second incident' : ''}`
}

const OUTCOMES = {held: 'every expectation held', 'not-held': 'not every expectation held', inconclusive: 'inconclusive: these figures say nothing'} as const

const span = (ms: number | null, after: string) => (ms === null ? 'not recorded' : `${(ms / 1000).toFixed(1)} s ${after}`.trim())
