import {canonicalJson, type Json} from '../../lib/canonical.ts'

/** A reading and a bound; several bounds must all hold. Order is for numbers only. */
export interface Comparison {
  readonly eq?: Json | undefined
  readonly ne?: Json | undefined
  readonly lt?: number | undefined
  readonly lte?: number | undefined
  readonly gt?: number | undefined
  readonly gte?: number | undefined
}

/** A value that is missing meets no comparison, not even `ne`: an answer that lost its field proves nothing. */
export function meets(value: Json | undefined, {eq, ne, lt, lte, gt, gte}: Comparison): boolean {
  if (value === undefined) return false
  if (eq !== undefined && canonicalJson(value) !== canonicalJson(eq)) return false
  if (ne !== undefined && canonicalJson(value) === canonicalJson(ne)) return false
  const hasBound = [lt, lte, gt, gte].some(bound => bound !== undefined)
  if (typeof value !== 'number') return !hasBound
  return value < (lt ?? Infinity) && value <= (lte ?? Infinity) && value > (gt ?? -Infinity) && value >= (gte ?? -Infinity)
}
