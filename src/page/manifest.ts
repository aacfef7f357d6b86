import {canonicalJson} from '../lib/canonical.ts'
import {sha256Hex} from '../lib/sha256.ts'
import type {PageModel} from './model.ts'

export const MANIFEST = 'scram.json'

/** A build's description of itself: what a publisher compares before it writes and reads back afterwards. */
export interface Manifest {
  readonly v: 1
  readonly page: string
  readonly as_of: string | null
  readonly state: 'done'
  /** Per origin and epoch the newest record the page is made from; empty: only revisions can be compared. */
  readonly heads: Readonly<Record<string, number>>
  readonly revision: number
  readonly head: string | null
  /** SHA-256 over the canonical JSON of `files`. */
  readonly root: string
  readonly files: Readonly<Record<string, {readonly sha256: string; readonly bytes: number}>>
  /** The earliest promise that stands. */
  readonly next_update_at: string | null
  /** Null: nothing renews this page by itself, so it cannot know that it is old. */
  readonly expected_by: null
}

const encoder = new TextEncoder()

export function manifestOf(model: PageModel, files: Iterable<readonly [path: string, content: string]>): Manifest {
  const digests: Record<string, {sha256: string; bytes: number}> = {}
  for (const [path, content] of files) {
    const bytes = encoder.encode(content)
    digests[path] = {sha256: sha256Hex(bytes), bytes: bytes.length}
  }
  const promises = model.open.flatMap(({nextUpdateAt}) => nextUpdateAt ?? []).sort()
  return {
    v: 1,
    page: model.id,
    as_of: model.asOf,
    state: 'done',
    heads: model.heads,
    revision: model.revision,
    head: model.head,
    root: sha256Hex(canonicalJson(digests)),
    files: digests,
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
  if ((state !== 'done' && state !== 'writing') || !Object.values(heads).every(isCount)) return null
  return {state, heads: heads as Record<string, number>, revision, root} // checked one line above
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

export type Standing = 'newer' | 'same' | 'older' | 'diverged'

/**
 * How our build stands to the one that is there. With version vectors on both sides every key decides; without, the
 * revision does (one journal publishes). Diverged: each holds something the other lacks.
 */
export function standing(ours: Claim, theirs: Claim): Standing {
  const keys = [...new Set([...Object.keys(ours.heads), ...Object.keys(theirs.heads)])]
  const hasBoth = Object.keys(ours.heads).length > 0 && Object.keys(theirs.heads).length > 0
  const gaps = hasBoth ? keys.map(key => (ours.heads[key] ?? 0) - (theirs.heads[key] ?? 0)) : [ours.revision - theirs.revision]
  const isAhead = gaps.some(gap => gap > 0)
  const isBehind = gaps.some(gap => gap < 0)
  if (isAhead) return isBehind ? 'diverged' : 'newer'
  return isBehind ? 'older' : 'same'
}
