import {readFile, stat} from 'node:fs/promises'
import {join} from 'node:path'
import {sha256Hex} from '../../lib/sha256.ts'
import {type Claim, claimOf, digestsOf, MANIFEST, missingHere, parseManifest, standing} from '../manifest.ts'
import {eachOf} from './each-of.ts'
import {makeReadable} from './make-readable.ts'
import {NotPublished, type PublishCode, toNotPublished} from './not-published.ts'
import {type PageFile, replaceFiles} from './replace-files.ts'
import {SeenFiles, statAll} from './seen-files.ts'
import {openStaging} from './staging.ts'

export type Publication =
  | {
      readonly published: true
      /** `already`: the target showed exactly this. `superseded`: it shows a newer build, which was left alone. */
      readonly result: 'published' | 'already' | 'superseded'
      /** What the target shows now: ours, or a newer one. */
      readonly revision: number
      /** The `root` of the build it shows. */
      readonly digest: string
      /** Files of the build, and how many of them had to be written. */
      readonly files: number
      readonly written: number
    }
  | {readonly published: false; readonly code: PublishCode; readonly reason: string}

export interface Place {
  /** Absolute; made if it is not there. */
  readonly path: string
  readonly revision: number
  /** For all of it, in ms: a file server that hangs must not hang the incident. */
  readonly timeoutMs?: number
  /** What is known of its files from before; grows by what was read. */
  readonly seen?: SeenFiles
}

const TIMEOUT_MS = 20_000
/** A manifest of 20,000 files is half of this; anything larger is not one of ours. */
const MANIFEST_BYTES = 8 * 1024 * 1024

/**
 * Makes a folder look like `files` (the map `buildPage` returns, its order is the order of publication). Files that only its
 * manifest names are looked at as all others; one that is not right there is asked for: `build.partial`. Every file is
 * replaced whole: written and made durable aside first, all of them, then renamed one after another, front page and
 * manifest last; a claim in the manifest's place comes first. A reader never sees half a file, an older build never
 * replaces a newer one, a publisher that dies leaves nothing to repair: the next run finishes. Every file is read back and
 * held against the manifest's digest: what had to be written after it was, the rest before, unless it was once and nobody
 * has changed it (`SeenFiles`).
 *
 * Level-triggered: what is right already is not written again. Never throws: what went wrong is the answer.
 */
export async function publishToDirectory(
  files: ReadonlyMap<string, string>,
  {path, revision, timeoutMs = TIMEOUT_MS, seen = new SeenFiles()}: Place,
): Promise<Publication> {
  const signal = AbortSignal.timeout(timeoutMs)
  const late = new Promise<never>((_, reject) => {
    const fail = () => reject(new NotPublished('target.slow', `${path} did not take the page within ${timeoutMs / 1000} s`))
    signal.addEventListener('abort', fail, {once: true})
  })
  try {
    return await Promise.race([publish(files, {path, revision, seen, signal}), late])
  } catch (error) {
    const {code, message} = toNotPublished(error, path)
    return {published: false, code, reason: message}
  }
}

interface Publishing {
  readonly path: string
  readonly revision: number
  readonly seen: SeenFiles
  readonly signal: AbortSignal
}

async function publish(files: ReadonlyMap<string, string>, {path, revision, seen, signal}: Publishing): Promise<Publication> {
  const build = buildOf(files, revision)
  await makeReadable(path)
  const staging = await openStaging(path, signal)
  try {
    const there = await claimAt(path)
    const stand = there === null ? 'newer' : standing(build.claim, there)
    if (there && stand === 'older') return superseded(there, path, build.files.length)
    if (there && stand === 'diverged') {
      const missing = missingHere(build.claim, there)
      throw new NotPublished('target.diverged', `it shows revision ${there.revision} of another record, which holds what this one does not: ${missing}`)
    }
    // What was right is not read again after writing the rest: we hold the claim. Two rounds: what somebody without one
    // changed of what we wrote is put right once; then it is somebody's fault, and said.
    let written = 0
    let wrong = await differing(path, build.files, {signal, seen, nowMs: (await stat(staging.path)).mtimeMs})
    if (wrong.some(({content}) => content === null)) throw new NotPublished('build.partial', `${path} lacks files that were not built again`)
    for (let round = 0; round < 2 && wrong.length > 0; round++) {
      await replaceFiles(claimed(wrong), {path, staging, signal})
      written += wrong.length
      wrong = await differing(path, wrong, {signal})
    }
    if (wrong[0]) throw new NotPublished('target.unverified', `${path} was written, but ${wrong[0].name} reads back otherwise`)
    return {published: true, result: written === 0 ? 'already' : 'published', revision, digest: build.claim.root, files: build.files.length, written}
  } finally {
    await staging.close()
  }
}

interface Build {
  readonly claim: Claim
  readonly files: readonly BuiltFile[]
}

interface BuiltFile {
  readonly name: string
  /** Null: known to be as it was, and not built again. */
  readonly content: string | null
  /** As the manifest says; the manifest itself is in none. */
  readonly sha256: string
}

function buildOf(files: ReadonlyMap<string, string>, revision: number): Build {
  const text = files.get(MANIFEST) ?? ''
  const claim = parseManifest(text)
  if (claim?.revision !== revision) throw new NotPublished('build.invalid', `the build holds no manifest of revision ${revision}`)
  const listed = Object.entries(digestsOf(text)).map(([name, {sha256}]) => ({name, content: files.get(name) ?? null, sha256}))
  return {claim, files: [...listed, {name: MANIFEST, content: text, sha256: sha256Hex(text)}]}
}

/** A new build announces itself first; putting a file of the same build right needs no announcement. */
function claimed(files: readonly BuiltFile[]): readonly PageFile[] {
  const manifest = files.find(({name}) => name === MANIFEST)
  const claim = manifest ? [{name: MANIFEST, bytes: Buffer.from(claimOf(manifest.content ?? ''))}] : []
  return [...claim, ...files.map(({name, content}) => ({name, bytes: Buffer.from(content ?? '')}))]
}

/** Older than what is there, we leave it alone; whether it is whole is another matter. */
function superseded({revision, root, state}: Claim, path: string, files: number): Publication {
  if (state === 'writing') {
    throw new NotPublished(
      'target.unfinished',
      `the publication of revision ${revision} at ${path} was cut off; publishing that revision or a newer one finishes it`,
    )
  }
  return {published: true, result: 'superseded', revision, digest: root, files, written: 0}
}

/** Null: nothing was ever published here. */
async function claimAt(path: string): Promise<Claim | null> {
  const manifest = join(path, MANIFEST)
  const size = await stat(manifest).then(
    found => found.size,
    (error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? null : Promise.reject(error)),
  )
  if (size === null) return null
  const claim = size > MANIFEST_BYTES ? null : parseManifest(await readFile(manifest, 'utf8'))
  if (claim === null) throw new NotPublished('target.foreign', `${manifest} is no manifest of a page of ours; nothing was replaced`)
  return claim
}

interface Looking {
  readonly signal: AbortSignal
  /** Absent: whatever was seen before, these are read. */
  readonly seen?: SeenFiles
  /** By the clock of the target's file system. */
  readonly nowMs?: number
}

/** Those that are not there, or not with these bytes: by digest, so that hundreds of right ones are not encoded to compare. */
async function differing(path: string, files: readonly BuiltFile[], {signal, seen, nowMs = 0}: Looking): Promise<readonly BuiltFile[]> {
  const names = files.map(({name}) => name)
  const stats = seen ? await statAll(path, names) : []
  const unsure = files.map((file, i) => ({...file, stats: stats[i] ?? null})).filter(({name, sha256, stats}) => !seen?.isRight(name, sha256, stats))
  const wrong = new Set<string>()
  await eachOf(unsure, async ({name, sha256, stats}) => {
    signal.throwIfAborted()
    const found = await readFile(join(path, name)).catch(() => null)
    if (found === null || sha256Hex(found) !== sha256) wrong.add(name)
    else if (stats) seen?.learn(name, sha256, stats, nowMs)
  })
  return files.filter(({name}) => wrong.has(name))
}
