import {type CheckedRunbook, runCommand} from '../../actions/check-runbook.ts'
import type {Checked, CheckedRow} from '../../runbook/check.ts'
import {findingLine} from '../../runbook/finding.ts'
import {changeLine} from '../../runbook/run-plan.ts'
import type {View} from '../view.ts'
import {oneLine} from './clock-words.ts'

/** Digits of a plan hash that people copy; any unique beginning is taken. */
const SHOWN = 12
const LONGEST = 240

/** What a run would do, as an indented tree with a mark a step; findings last, then the plan that can be agreed on. */
export function checkView({runbook, title, path, inputs, lint, checked, kept}: CheckedRunbook): View {
  const errors = lint.filter(({level}) => level === 'E')
  const head = [`${runbook}  ${title}  (${path}): nothing is recorded or sent`, ...lint.map(findingLine)]
  if (!checked) {
    return {
      text: [...head, `${plural(errors.length, 'error')}: a run would be refused`],
      json: {runbook, path, lint, steps: [], findings: [], plan: null},
      exit: 1,
    }
  }
  const {rows, findings, plan, outputs, onAbort} = checked
  const answers = Object.entries(outputs).map(([name, value]) => `output ${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
  const text = [
    ...head,
    ...rows.flatMap(rowLines),
    ...answers,
    ...(onAbort.length > 0 ? [`after scram abort: ${onAbort.join(', ')}`] : []),
    ...findings.map(line => `✗ ${line}`),
    tally(checked),
    ...(kept === null ? [] : [`plan ${kept.slice(0, SHOWN)}: ${runCommand(runbook, inputs)} --plan ${kept.slice(0, SHOWN)}`]),
  ]
  const json = {
    runbook,
    path,
    inputs,
    lint,
    steps: rows.map(({sealed: _, ...row}) => row),
    outputs,
    onAbort,
    findings,
    plan: kept === null ? null : {hash: plan.hash},
  }
  return {text, json, exit: findings.length > 0 ? 1 : 0}
}

/** ✗ it would fail here · – not run · ? nobody can tell yet · ✓ looked at, or known · → would be done. */
function markOf({finding, branch, seen, isKnown, effect, kind}: CheckedRow): string {
  if (finding !== null) return '✗'
  if (branch === 'no') return '–'
  const isLook = effect === 'none' || kind === 'wait_until'
  if (branch === 'maybe' || (isLook && !isKnown)) return '?'
  if (kind === 'group' || kind === 'parallel' || kind === 'call') return isKnown ? '▸' : '?'
  return isLook && seen !== null ? '✓' : '→'
}

function rowLines(row: CheckedRow): readonly string[] {
  const {instance, depth, title, because, asks, lines, seen, changes, finding} = row
  const pad = '  '.repeat(depth)
  const name = oneLine(title, 80)
  const head = [instance, name].filter((part, i) => part !== '' && !(i === 1 && part === instance)).join('  ')
  const below = [...asks, ...lines, ...(seen === null ? [] : [`now: ${seen}`]), ...changes.map(changeLine), ...(finding === null ? [] : [`✗ ${finding}`])]
  return [`${pad}${markOf(row)} ${head}${because === null ? '' : `  (${because})`}`, ...below.map(line => `${pad}    ${oneLine(line, LONGEST)}`)]
}

function tally({rows, findings}: Checked): string {
  const steps = rows.filter(({kind}) => kind !== 'group' && kind !== 'parallel' && kind !== 'call')
  const unknown = steps.filter(row => markOf(row) === '?').length
  const left = steps.filter(({branch}) => branch === 'no').length
  return [plural(steps.length, 'step'), `${unknown} unknown`, `${left} left out`, plural(findings.length, 'finding')].join(', ')
}

function plural(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}
