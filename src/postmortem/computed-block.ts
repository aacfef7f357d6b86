import {actionsTable} from './blocks/actions-table.ts'
import {evidenceNotes} from './blocks/evidence-notes.ts'
import {impactTable} from './blocks/impact-table.ts'
import {measuresTable} from './blocks/measures-table.ts'
import {observations} from './blocks/observations.ts'
import {openPromises} from './blocks/open-promises.ts'
import {rodsTable} from './blocks/rods-table.ts'
import {secondFailures} from './blocks/second-failures.ts'
import {stepsTable} from './blocks/steps-table.ts'
import {summaryFacts} from './blocks/summary-facts.ts'
import {timelineTable} from './blocks/timeline-table.ts'
import {updatesTable} from './blocks/updates-table.ts'
import type {Facts} from './facts.ts'
import type {BlockId} from './layout.ts'
import {writeMarkdown} from './markdown.ts'
import {withMarkers} from './marker.ts'
import type {Part, Pen} from './pen.ts'

const BLOCKS: Readonly<Record<Exclude<BlockId, 'banner'>, (facts: Facts, pen: Pen) => readonly Part[]>> = {
  'summary-facts': summaryFacts,
  impact: impactTable,
  'evidence-notes': evidenceNotes,
  'second-failures': secondFailures,
  measures: measuresTable,
  rods: rodsTable,
  steps: stepsTable,
  updates: updatesTable,
  promises: openPromises,
  timeline: timelineTable,
  observations,
  actions: actionsTable,
}

/** One block between its markers; null when there is nothing to say and no place for saying so. */
export function computedBlock(id: BlockId, facts: Facts, pen: Pen, toWrite: number): string | null {
  if (id === 'banner') return withMarkers(id, banner(toWrite))
  const parts = BLOCKS[id](facts, pen)
  return parts.length === 0 ? null : withMarkers(id, writeMarkdown(parts))
}

/** A literal of ours: the writer would escape the alert. */
function banner(toWrite: number): string {
  const parts = toWrite === 1 ? '1 part is' : `${toWrite} parts are`
  return `> [!WARNING]
> Draft. ${parts} still to be written. Text between \`scram:begin\` and \`scram:end\` is computed from the record;
> everything else is for people to write.`
}
