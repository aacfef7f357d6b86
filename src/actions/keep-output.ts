import {closeSync, constants, openSync, writeSync} from 'node:fs'
import {join} from 'node:path'
import {makeFolder} from '../lib/files.ts'
import {startSha256} from '../lib/sha256.ts'
import type {StepOutput} from '../runbook/ports.ts'
import type {Desk} from './desk.ts'

/** Declared outputs above this are dropped: the effect happened, expressions over it fail. */
const MOST_STDOUT = 16 * 1024
/** What the event keeps. */
const EVENT_TAIL = 4096
/** What the file keeps: the beginning, as it comes, and the end; together at most 1 MiB. */
const HEAD = 256 * 1024
const TAIL = 1024 * 1024 - HEAD - 256

export interface KeptOutput {
  /** Redacted before anything else happens with it; each stream by itself, so that the other cannot stand inside a secret. */
  add(stream: 'stdout' | 'stderr', chunk: Uint8Array): void
  /** Null when it said nothing at all. `stdout`: null when longer than 16 KiB. */
  end(): {readonly output: StepOutput | null; readonly stdout: string | null}
}

export interface StepFiles {
  readonly run: string
  /** With its attempt. */
  readonly instance: string
}

/** `$SCRAM_HOME/artefacts/RUN/STEP#N`: what a step leaves beside the record begins so. Null: there is no home. */
export function artefactOf({home}: Desk, {run, instance}: StepFiles): {readonly folder: string; readonly path: string} | null {
  if (home === null) return null
  const folder = join(home, 'artefacts', run)
  return {folder, path: join(folder, instance.replace(/[^\w.#-]+/g, '_'))}
}

/**
 * What a step says, redacted, counted and hashed as it comes; in a file (0600) the beginning and the end of it. A disk
 * that is full must not fail a step that was carried out: then there is no file, and one line says so. `hear` gets it as it
 * comes, redacted.
 */
export function keepOutput(desk: Desk, step: StepFiles, hear: (text: string) => void = () => undefined): KeptOutput {
  const streams = {stdout: cleanText(desk), stderr: cleanText(desk)}
  const hash = startSha256()
  const file = artefact(desk, step)
  let bytes = 0
  let tail = Buffer.alloc(0)
  let stdout = ''
  let stdoutLength = 0

  function take(stream: 'stdout' | 'stderr', text: string): void {
    if (text === '') return
    hear(text)
    const data = Buffer.from(text)
    bytes += data.length
    hash.add(data)
    file.add(data)
    tail = lastOf(tail, data, EVENT_TAIL)
    if (stream !== 'stdout') return
    stdoutLength += text.length
    if (stdout.length <= MOST_STDOUT) stdout += text
  }

  return {
    add: (stream, chunk) => take(stream, streams[stream].push(chunk)),
    end() {
      for (const stream of ['stdout', 'stderr'] as const) take(stream, streams[stream].end())
      file.end(bytes)
      const output = bytes === 0 ? null : {bytes, digest: hash.hex(), tail: tail.toString('utf8')}
      // Compared with all there was: what was kept may end by chance where a line does.
      const text = stdoutLength > stdout.length ? null : stdout.replace(/\r?\n$/, '')
      return {output, stdout: text !== null && text.length > MOST_STDOUT ? null : text}
    },
  }
}

function cleanText(desk: Desk) {
  const decoder = new TextDecoder()
  const clean = desk.redactStream()
  return {
    push: (chunk: Uint8Array) => clean.push(decoder.decode(chunk, {stream: true})),
    end: () => clean.push(decoder.decode()) + clean.end(),
  }
}

/** The last `most` bytes of both, from a whole character on. */
function lastOf(before: Buffer<ArrayBuffer>, data: Buffer, most: number): Buffer<ArrayBuffer> {
  if (before.length + data.length <= most) return Buffer.concat([before, data])
  const cut = Buffer.concat([before, data]).subarray(-most)
  const whole = cut.findIndex(byte => (byte & 0xc0) !== 0x80)
  return Buffer.from(cut.subarray(Math.max(whole, 0)))
}

/** Opened with the first word; a step that says nothing leaves no file. */
function artefact(desk: Desk, step: StepFiles) {
  const at = artefactOf(desk, step)
  let handle: number | null = null
  let isLost = at === null
  let headLeft = HEAD
  let tail: Buffer[] = []
  let tailBytes = 0

  function write(data: Uint8Array): void {
    if (isLost || !at) return
    try {
      if (handle === null) {
        makeFolder(at.folder)
        handle = openSync(`${at.path}.log`, constants.O_CREAT | constants.O_TRUNC | constants.O_WRONLY | constants.O_NOFOLLOW, 0o600)
      }
      for (let written = 0; written < data.length; ) written += writeSync(handle, data, written)
    } catch {
      isLost = true
      desk.narrate(`the output of ${step.instance} could not be kept in ${at.folder}`)
    }
  }

  return {
    add(data: Buffer): void {
      const head = data.subarray(0, headLeft)
      headLeft -= head.length
      if (head.length > 0) write(head)
      const rest = data.subarray(head.length)
      if (rest.length === 0) return
      tail.push(rest)
      tailBytes += rest.length
      // Joined once it is twice as long as what is kept: a copy per piece would make a flood quadratic.
      if (tailBytes <= 2 * TAIL) return
      tail = [lastOf(Buffer.alloc(0), Buffer.concat(tail), TAIL)]
      tailBytes = tail[0]?.length ?? 0
    },
    end(bytes: number): void {
      if (tailBytes > 0) {
        const kept = lastOf(Buffer.alloc(0), Buffer.concat(tail), TAIL)
        const gap = bytes - HEAD - kept.length
        if (gap > 0) write(Buffer.from(`\n[… ${gap} bytes are not kept …]\n`))
        write(kept)
      }
      if (handle !== null) closeSync(handle)
      handle = null
    },
  }
}
