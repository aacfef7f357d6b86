import {Fault} from '../lib/fault.ts'
import {shellQuote} from '../lib/text.ts'
import type {ActionTable} from '../runbook/ports.ts'
import type {Node, NodeList, Runbook} from '../runbook/runbook.ts'

/**
 * Where no incident is open, a runbook must open one before it can write into it or move a rod for it. Said before anything
 * is recorded; one that only looks, runs commands and asks people needs none. `from`: what comes before this instance is
 * left out, the opening, too; a run that began so could never write, for no later `scram open` opens its incident.
 * @throws Fault incident.not-found
 */
export function refuseWithoutIncident(runbook: Runbook, actions: ActionTable, from?: string): void {
  const nodes = [...nodesIn(runbook.steps, '')]
  const start = from === undefined ? 0 : nodes.findIndex(({path}) => path === from.replace(/\[[^\]]*\]/g, ''))
  const steps = nodes.flatMap(({node}, at) => (node.kind === 'uses' ? [{step: node, row: actions.get(node.uses), isLeftOut: at < start}] : []))
  const opening = steps.findLast(({row}) => row?.id === 'incident/open')
  if (opening && !opening.isLeftOut) return
  const writes = ({row}: (typeof steps)[number]) => row && (row.effect === 'record' || row.id === 'trip' || /^rod\/(?:insert|withdraw|extend)$/.test(row.id))
  const first = steps.find(step => !step.isLeftOut && writes(step))
  if (!first) return
  const why = opening ? `--from ${from} leaves out the step that opens one` : `${runbook.id} opens none`
  throw new Fault('incident.not-found', `no incident is open, and ${why}: \`${first.step.id}\` (${first.step.uses}) has nowhere to go`, {
    hints: ['scram open TITLE', `scram run ${runbook.id}${from === undefined ? '' : ` --from ${shellQuote(from)}`}`],
  })
}

/** In the order of the file; `path` as `--from` has it, without the items of loops. */
function* nodesIn(list: NodeList, under: string): Generator<{readonly node: Node; readonly path: string}> {
  for (const node of list) {
    const path = `${under}${node.id}`
    const isGroup = node.kind === 'group' || node.kind === 'parallel'
    const hasName = !isGroup || node.hasId || (node.kind === 'group' && node.forEach !== null)
    if (hasName) yield {node, path}
    if (isGroup) yield* nodesIn(node.steps, hasName ? `${path}/` : under)
    else if (node.kind === 'call') yield* nodesIn(node.called.steps, `${path}/`)
  }
}
