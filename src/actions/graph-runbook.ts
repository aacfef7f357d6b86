import {graphText} from '../runbook/graph.ts'
import {graphMermaid} from '../runbook/mermaid.ts'
import type {Desk} from './desk.ts'
import {showRunbook} from './list-runbooks.ts'

export interface RunbookGraph {
  readonly id: string
  readonly format: 'text' | 'mermaid'
  readonly lines: readonly string[]
}

/** The shape of a runbook, as lines. @throws Fault runbook.not-found · runbook.invalid */
export async function graphRunbook(desk: Desk, id: string, format: RunbookGraph['format']): Promise<RunbookGraph> {
  const {runbook} = await showRunbook(desk, id)
  return {id: runbook.id, format, lines: format === 'text' ? graphText(runbook) : graphMermaid(runbook)}
}
