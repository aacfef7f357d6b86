import {request} from 'node:http'

export interface Asked {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly json: unknown
}

export interface Question {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH'
  readonly json?: object
  readonly headers?: Readonly<Record<string, string>>
  readonly timeoutMs: number
  readonly signal?: AbortSignal
}

const LARGEST_ANSWER = 4 * 1024 * 1024

/**
 * One request on a fresh connection: a pool would hide refused connections and bend what is measured. The time limit is
 * for the whole of it, and a TimeoutError says that it has passed. Rejects when there is no complete answer; a body that is
 * no JSON is `undefined`.
 */
export function ask(url: string, {method = 'GET', json, headers, timeoutMs, signal}: Question): Promise<Asked> {
  const limit = AbortSignal.timeout(timeoutMs)
  const body = json === undefined ? undefined : JSON.stringify(json)
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => reject(limit.aborted && !signal?.aborted ? limit.reason : error)
    const outgoing = request(
      url,
      {
        method,
        agent: false,
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
        headers: {connection: 'close', ...headers, ...(body !== undefined && {'content-type': 'application/json', 'content-length': Buffer.byteLength(body)})},
      },
      answer => {
        const chunks: Buffer[] = []
        let bytes = 0
        answer.on('data', (chunk: Buffer) => {
          bytes += chunk.length
          if (bytes > LARGEST_ANSWER) answer.destroy(new Error(`an answer of more than ${LARGEST_ANSWER} bytes`))
          chunks.push(chunk)
        })
        answer.on('error', fail)
        answer.on('aborted', () => fail(new Error('the answer was cut off')))
        answer.on('end', () => resolve({status: answer.statusCode ?? 0, headers: answer.headers, json: parsed(Buffer.concat(chunks).toString('utf8'))}))
      },
    )
    outgoing.on('error', fail)
    outgoing.end(body)
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
