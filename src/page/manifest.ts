import {canonicalJson} from '../lib/canonical.ts'
import {sha256Hex} from '../lib/sha256.ts'
import type {PageModel} from './model.ts'

export const MANIFEST = 'scram.json'

/** A file by its bytes. */
export interface Digest {
  readonly sha256: string
  readonly bytes: number
}

/** A build's description of itself: what a publisher compares before it writes and reads back afterwards. */
export interface Manifest {
  readonly v: 1
  readonly page: string
  readonly as_of: string | null
  readonly state: 'done'
  /** Per origin and epoch (`ORIGIN8.EPOCH`) the newest record the page is made from; what is in no chain yet is not in here. */
  readonly heads: Readonly<Record<string, number>>
  readonly revision: number
  readonly head: string | null
  /** SHA-256 over the canonical JSON of `files`. */
  readonly root: string
  readonly files: Readonly<Record<string, Digest>>
  /** The earliest promise that stands. */
  readonly next_update_at: string | null
  /** Null: nothing renews this page by itself, so it cannot know that it is old. */
  readonly expected_by: null
}

export function manifestOf(model: PageModel, files: Manifest['files']): Manifest {
  const promises = model.open.flatMap(({nextUpdateAt}) => nextUpdateAt ?? []).sort()
  return {
    v: 1,
    page: model.id,
    as_of: model.asOf,
    state: 'done',
    heads: model.heads,
    revision: model.revision,
    head: model.head,
    root: sha256Hex(canonicalJson(files)),
    files,
    next_update_at: promises[0] ?? null,
    expected_by: null,
  }
}

/** The part of a manifest that decides who may replace whom. */
export type Claim = Pick<Manifest, 'heads' | 'revision' | 'root'> & {readonly state: 'writing' | 'done'}

/**
 * What stands in the manifest's place while its build is being put there. It names the new revision before the first new
 * byte is visible: a publisher that dies halfway can then not be followed by an older build.
 */
export function claimOf(manifest: string): string {
  return `${JSON.stringify({...JSON.parse(manifest), state: 'writing', files: {}})}\n`
}

/** What a manifest made here says of its files. */
export function digestsOf(manifest: string): Manifest['files'] {
  return (JSON.parse(manifest) as Manifest).files
}

/** As `board.page.heads` names them; whatever else a file says is repeated nowhere. */
const STREAM = /^[0-9a-z-]{1,8}\.\d{1,16}$/

/** Null when this is not a manifest of ours: whatever lies there is then not replaced. */
export function parseManifest(text: string): Claim | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null) return null
  const {v, state, heads, revision, root} = value as Record<string, unknown> // an object; each member is checked below
  if (v !== 1 || !isCount(revision) || typeof root !== 'string' || typeof heads !== 'object' || heads === null) return null
  if ((state !== 'done' && state !== 'writing') || !Object.entries(heads).every(([stream, seq]) => STREAM.test(stream) && isCount(seq))) return null
  return {state, heads: heads as Record<string, number>, revision, root} // checked one line above
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

export type Standing = 'newer' | 'same' | 'older' | 'diverged'

/**
 * How our build stands to the one that is there. Every key of the version vectors decides: a page made from more than one
 * journal is replaced only by one that holds all of it. Diverged: each holds something the other lacks.
 */
export function standing(ours: Claim, theirs: Claim): Standing {
  const gaps = streamsOf(ours, theirs).map(stream => (ours.heads[stream] ?? 0) - (theirs.heads[stream] ?? 0))
  const isAhead = gaps.some(gap => gap > 0)
  const isBehind = gaps.some(gap => gap < 0)
  if (isAhead && isBehind) return 'diverged'
  // Facts of an emergency log are in no chain yet: equal vectors may still differ by those, and the revision counts them.
  const more = ours.revision - theirs.revision
  const isChained = (claim: Claim) => claim.revision === 0 || Object.keys(claim.heads).length > 0
  if (isBehind) return isChained(ours) ? 'older' : 'diverged'
  if (isAhead && isChained(theirs)) return 'newer'
  return more > 0 ? 'newer' : more < 0 ? 'older' : 'same'
}

function streamsOf(ours: Claim, theirs: Claim): readonly string[] {
  return [...new Set([...Object.keys(ours.heads), ...Object.keys(theirs.heads)])].sort()
}

/** Where the one that is there knows more than we do: `9f2c4a10.1 up to 7, here 3`. */
export function missingHere(ours: Claim, theirs: Claim): string {
  return streamsOf(ours, theirs)
    .filter(stream => (theirs.heads[stream] ?? 0) > (ours.heads[stream] ?? 0))
    .map(stream => `${stream} up to ${theirs.heads[stream]}, here ${ours.heads[stream] ?? 'nothing'}`)
    .slice(0, MOST_STREAMS_NAMED)
    .join('; ')
}

/** A message, not a list. */
const MOST_STREAMS_NAMED = 3
