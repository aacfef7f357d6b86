import {publicImpact} from '../incident/public-impact.ts'
import {computedBlock} from './computed-block.ts'
import {countedEvents, type Facts, type FactsInput, factsOf} from './facts.ts'
import {frontMatter} from './front-matter.ts'
import {type LayoutPart, SCRAM_LAYOUT} from './layout.ts'
import {writeMarkdown} from './markdown.ts'
import {humanPart} from './marker.ts'
import {makePen, type Pen} from './pen.ts'

export interface DraftInput extends FactsInput {
  /** Who wrote it: `scram 0.1.0`. */
  readonly generatedBy: string
  /** [default: `now`] */
  readonly generatedAt?: string
  /** What checking the hash chain said; absent: it was not checked. */
  readonly chain?: 'verified' | 'broken'
  readonly layout: 'scram'
  /** Names that must not be published: replaced by the same placeholder everywhere. */
  readonly redact: readonly string[]
}

export interface PostmortemDraft {
  readonly markdown: string
  /** Ids of the parts that a person has still to write, in order. */
  readonly unwritten: readonly string[]
  /** First 12 hex digits of the hash of the last event counted; empty without events. */
  readonly head: string
}

const LAYOUTS: Readonly<Record<DraftInput['layout'], readonly LayoutPart[]>> = {scram: SCRAM_LAYOUT}

/**
 * The postmortem draft of one incident: what the record holds in computed blocks, and a marked place for everything that
 * only people can say. Pure and total: the same set of events gives the same bytes, whatever order it arrived in (`state`
 * is folded in record order). It infers no cause, factor or lesson.
 */
export function draftPostmortem(input: DraftInput): PostmortemDraft {
  const facts = factsOf(input)
  const pen = makePen(input.redact)
  const counted = countedEvents(input.events)
  const head = counted.at(-1)?.hash.slice(0, 12) ?? ''
  const parts = LAYOUTS[input.layout].filter(
    part => !('onlyWith' in part) || part.onlyWith === undefined || computedBlock(part.onlyWith, facts, pen, 0) !== null,
  )
  const unwritten = parts.flatMap(part => ('todo' in part ? [part.todo] : []))
  const title = writeMarkdown([pen.heading(1, `Postmortem: ${facts.state.title || facts.state.id}`)])
  const body = parts.flatMap(part => partText(part, facts, pen, unwritten.length) ?? [])
  const front = frontOf(input, facts, {events: counted.length, head, unwritten})
  return {markdown: [front, title, ...body].join('\n'), unwritten, head}
}

function partText(part: LayoutPart, facts: Facts, pen: Pen, toWrite: number): string | null {
  if ('heading' in part) return `${'#'.repeat(part.level)} ${part.heading}\n`
  return 'todo' in part ? humanPart(part.todo, part.name, part.ask) : computedBlock(part.block, facts, pen, toWrite)
}

function frontOf(input: DraftInput, {state, impact}: Facts, counted: {events: number; head: string; unwritten: readonly string[]}): string {
  const {start, end} = impact
  const {events, head, unwritten} = counted
  const hide = makePen(input.redact).plain
  return frontMatter([
    ['schema', 'scram.postmortem/1'],
    ['title', hide(state.title || state.id)],
    ['incident', state.id],
    ['severity', state.opened ? state.severity : undefined],
    ['impact', publicImpact(state)],
    ['components', Object.keys(state.components).map(hide)],
    ['impact_start', start ? instant(start.atMs) : 'not recorded'],
    ['impact_end', end ? instant(end.atMs) : 'not recorded'],
    ['impact_end_precision', end ? isoDuration(end.precisionMs) : undefined],
    ['audience', 'internal'],
    ['state', 'draft'],
    ['generated', {by: input.generatedBy, at: input.generatedAt ?? input.now, events, head, ...(input.chain && {chain: input.chain})}],
    ['unwritten', unwritten],
  ])
}

const instant = (ms: number) => (Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : 'not recorded')

/** Half-widths are below a day: `PT1M`, `PT1S`, `PT0.001S`. */
function isoDuration(ms: number): string {
  return ms >= 60_000 && ms % 60_000 === 0 ? `PT${ms / 60_000}M` : `PT${ms / 1000}S`
}
