import type {RunbookGraph} from '../../actions/graph-runbook.ts'
import type {Initialised} from '../../actions/init-runbook.ts'
import type {ListedRunbook} from '../../actions/list-runbooks.ts'
import {safeBlock} from '../../lib/text.ts'
import {findingLine} from '../../runbook/finding.ts'
import type {Loaded} from '../../runbook/load.ts'
import {runbookMarkdown} from '../../runbook/markdown.ts'
import {sarifOf} from '../../runbook/sarif.ts'
import type {View} from '../view.ts'
import {table} from './clock-words.ts'

export function runbookListView(runbooks: readonly ListedRunbook[]): View {
  const rows = runbooks.map(({id, title, severity, path, findings}) => [id ?? '(unreadable)', severity ?? '', stateOf(findings), path, title ?? ''])
  return {text: rows.length === 0 ? ['no runbooks: beside scram.yaml, or in its runbooks/, as NAME.yaml'] : table(rows), json: {runbooks}, exit: 0}
}

interface LintOptions {
  /** A warning is an error. */
  readonly strict: boolean
  /** The findings as SARIF, with the same exit code: by which version, and where it was called. */
  readonly sarif: {readonly version: string; readonly folder: string} | null
}

export function lintView(runbooks: readonly ListedRunbook[], {strict, sarif}: LintOptions): View {
  const findings = runbooks.flatMap(runbook => runbook.findings).map(finding => (strict ? {...finding, level: 'E' as const} : finding))
  const hasErrors = findings.some(({level}) => level === 'E')
  const isUnreadable = findings.some(({code}) => code === 'yaml' || code === 'schema')
  const exit = isUnreadable ? 65 : hasErrors ? 1 : 0
  if (sarif !== null) {
    const document = sarifOf(findings, sarif.version, sarif.folder)
    return {text: [JSON.stringify(document, null, 2)], json: document, exit}
  }
  return {
    text: [...findings.map(findingLine), `${runbooks.length} ${runbooks.length === 1 ? 'runbook' : 'runbooks'}, ${stateOf(findings)}`],
    json: {findings, runbooks: runbooks.length},
    exit,
  }
}

export function runbookView({runbook, text, path, sha256}: Loaded): View {
  return {text: [text.trimEnd()], json: {id: runbook.id, title: runbook.title, path, sha256, text}, exit: 0}
}

/** A page for a wiki. What a terminal would obey is taken out of it on the way there, so such a text is told of. */
export function runbookMarkdownView(loaded: Loaded): View {
  const markdown = runbookMarkdown(loaded)
  const isChanged = safeBlock(loaded.text) !== loaded.text
  return {
    text: [markdown.trimEnd()],
    json: {id: loaded.runbook.id, path: loaded.path, sha256: loaded.sha256, markdown},
    exit: 0,
    narration: isChanged ? [`${loaded.path} holds characters that are not printed; --json has the exact page`] : [],
  }
}

function stateOf(findings: ListedRunbook['findings']): string {
  const errors = findings.filter(({level}) => level === 'E').length
  const warnings = findings.length - errors
  if (findings.length === 0) return 'ok'
  return [errors > 0 ? `${errors} ${errors === 1 ? 'error' : 'errors'}` : '', warnings > 0 ? `${warnings} ${warnings === 1 ? 'warning' : 'warnings'}` : '']
    .filter(Boolean)
    .join(', ')
}

/** What was written, what to look at in it, and the next commands. */
export function initView({id, path, workspace, warnings, findings}: Initialised): View {
  return {
    text: [
      `${path} is runbook ${id}: ${stateOf(findings)}`,
      ...(workspace === null ? [] : [`${workspace} begins a workspace here`]),
      ...findings.map(finding => `  ${findingLine(finding)}`),
      `then  scram runbook lint ${id}`,
      `      scram run ${id}`,
    ],
    json: {id, path, workspace, warnings, findings},
    exit: 0,
    narration: warnings,
  }
}

export function graphView({id, format, run, lines}: RunbookGraph): View {
  return {text: lines, json: {id, format, ...(run !== null && {run}), graph: lines.join('\n')}, exit: 0}
}
