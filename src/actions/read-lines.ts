import {once} from 'node:events'
import {createReadStream} from 'node:fs'
import {Fault} from '../lib/fault.ts'

/** The journal calls longer records oversize; so much of a line is enough to know it is one, and whose. */
const LONGEST_LINE = (1 << 20) + 1

/** Lines of a file, `-` for stdin; open when this answers, so that a wrong name changes nothing. @throws Fault file.not-found · file.invalid */
export async function openLines(file: string): Promise<AsyncIterable<Uint8Array>> {
  if (file === '-') return linesOf(readable(createReadStream('', {fd: 0, autoClose: false}), file))
  const bytes = createReadStream(file)
  await once(bytes, 'open').catch((error: unknown) => Promise.reject(unreadable(file, error)))
  return linesOf(readable(bytes, file))
}

async function* readable(bytes: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes
  } catch (cause) {
    throw unreadable(file, cause)
  }
}

function unreadable(file: string, cause: unknown): Fault {
  const {code, message} = cause as NodeJS.ErrnoException // a stream of a file ends with Node's own errors
  if (code === 'ENOENT') return new Fault('file.not-found', `there is no file ${file}`, {hints: ['scram timeline import FILE    # - for stdin']})
  return new Fault('file.invalid', `${file} cannot be read (${code ?? message}); what was imported before stays`, {cause})
}

/** Lines as bytes, undecoded: a damaged one is the journal's to judge. The rest of an endless one is not kept. */
async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = []
  let length = 0
  const keep = (part: Uint8Array) => {
    const kept = part.subarray(0, Math.max(0, LONGEST_LINE - length))
    if (kept.length > 0) parts.push(kept)
    length += kept.length
  }
  for await (const chunk of chunks) {
    let from = 0
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, from)) {
      keep(chunk.subarray(from, end))
      yield Buffer.concat(parts)
      parts = []
      length = 0
      from = end + 1
    }
    keep(chunk.subarray(from))
  }
  if (length > 0) yield Buffer.concat(parts)
}
