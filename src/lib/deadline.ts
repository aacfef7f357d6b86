/** Whether an abort is a deadline's (AbortSignal.timeout) and not a person's: the first is an answer ("none in time"). */
export function isTimeout(reason: unknown): boolean {
  return reason instanceof DOMException && reason.name === 'TimeoutError'
}
