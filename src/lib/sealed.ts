import {sha256Hex} from './sha256.ts'

/** `body` under a line with its digest: half a file, a flipped bit or a helpful hand is seen when it is read. */
export function sealed(body: string): string {
  return `${sha256Hex(body)}\n${body}`
}

/** The body as it was written; null: this is not that. */
export function unsealed(text: string): string | null {
  const end = text.indexOf('\n')
  const body = text.slice(end + 1)
  return end > 0 && sha256Hex(body) === text.slice(0, end) ? body : null
}
