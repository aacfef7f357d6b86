import {printLength} from '../../incident/durations-print.ts'
import type {End} from '../../incident/measure-ends.ts'
import type {Measure} from '../../incident/measures.ts'
import type {Facts} from '../facts.ts'
import type {Part, Pen} from '../pen.ts'
import {clock, NOTHING} from '../say.ts'

/** The durations of this incident, each with its ends and its basis; the last row is how regularly the public was told. */
export function measuresTable({measures, cadence, policyMs, startMs}: Facts, pen: Pen): readonly Part[] {
  const rows = measures.rows.map(measure => [measure.measure, measure.printed, ends(measure, startMs), measure.basis ?? measure.reason ?? NOTHING])
  const {longest, median, updates, kept, late, overPolicy} = cadence
  const silence = longest ? `update ${longest.from} → ${longest.to === null ? 'now' : `update ${longest.to}`}` : NOTHING
  const talk = [
    `${updates} ${updates === 1 ? 'update' : 'updates'}`,
    `median gap ${printLength(median)}`,
    `longest silence ${printLength(longest?.length ?? null)}`,
    ...(overPolicy === null || policyMs === null ? [] : [`${overPolicy} over the policy of ${Math.round(policyMs / 60_000)}m`]),
    `promises kept ${kept}, late ${late}`,
  ]
  const table = pen.table(
    ['Measure', 'Value', 'From → to', 'Basis'],
    [...rows, ['reopened', String(measures.reopened), NOTHING, 'recorded'], ['update cadence', talk.join(', '), silence, longest?.length.basis ?? NOTHING]],
  )
  const warnings = measures.rows.flatMap(row => row.warnings)
  return warnings.length === 0 ? [table] : [table, pen.bullets(warnings.map(warning => `Warning: ${warning}.`))]
}

/** A stated duration stands on what somebody said, not on two clock times: those would look like its proof. */
function ends({stated, basis, from, to}: Measure, startMs: number | null): string {
  if (stated && basis !== 'recorded') return [stated.from ?? from?.label, to?.label].filter(label => label !== undefined).join(' → ') || NOTHING
  if (!from && !to) return NOTHING
  const end = (each: End | null) => (each ? `${each.label}${each.isNow ? '' : ` ${clock(each.at, startMs)}`}` : 'not recorded')
  return `${end(from)} → ${end(to)}`
}
