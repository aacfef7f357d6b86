import {canonicalJson} from '../lib/canonical.ts'
import {sealed, unsealed} from '../lib/sealed.ts'
import {expectManyHashes, sha256Hex} from '../lib/sha256.ts'
import type {IncidentFact} from './incident-fact.ts'
import type {Digest} from './manifest.ts'
import type {PageInput} from './model.ts'

/** An incident that is over, as the page says it: what it adds to other files, and the digest of its own. */
export interface PastIncident {
  readonly fact: IncidentFact
  /** Public ids, its own first, then those of its updates; none where it has no page. */
  readonly ids: readonly string[]
  /** Null: it has none. */
  readonly page: Digest | null
  /** Whether its page links the incident it became a part of. */
  readonly isIntoShown: boolean
}

/**
 * What a build leaves for the next one, so that what is over is not folded and rendered again. It holds no text: times,
 * statuses, ids and digests. Removing it costs time and nothing else; whatever does not fit makes it worthless as a whole.
 */
export interface Memo {
  /** All that decides a page beside the record: see `contextOf`. */
  readonly context: string
  /** Of `Journal.arrivals`: how much of the record is in here. */
  readonly mark: string
  /** Incidents that are folded every time: open ones, and ended ones whose page still depends on others. */
  readonly live: readonly string[]
  readonly past: readonly PastIncident[]
  /** Without components in the workspace: all that updates name, sorted, for these are then what the page shows. */
  readonly named: readonly string[]
  /** `YYYY-MM` → its page of the history. */
  readonly months: Readonly<Record<string, Digest>>
}

/** A digest of the program and of what the workspace says about the page: another one, and nothing remembered holds. */
export function contextOf(maker: string, {page, groups, components}: Pick<PageInput, 'page' | 'groups' | 'components'>): string {
  return sha256Hex(canonicalJson({maker, page, groups, components}))
}

export function memoText(memo: Memo): string {
  return sealed(JSON.stringify(memo))
}

/** From here on hashing it in JavaScript costs more than loading what is quick at it, and the page will hash as much again. */
const WORTH_NATIVE = 50_000

/** Null: this is no memo, or not of this program and workspace. */
export function readMemo(text: string, context: string): Memo | null {
  if (text.length > WORTH_NATIVE) expectManyHashes()
  const body = unsealed(text)
  if (body === null) return null
  const memo = JSON.parse(body) as Memo // its digest fits: it is as it was written; who wrote it, the context says
  return memo.context === context ? memo : null
}
