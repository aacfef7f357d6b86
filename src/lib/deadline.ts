/** Whether an abort is a deadline's (AbortSignal.timeout) and not a person's: the first is an answer ("none in time"). */
export function isTimeout(reason: unknown): boolean {
  return reason instanceof DOMException && reason.name === 'TimeoutError'
}

/** Throws a person's abort on; a deadline's is an answer, and stays one. */
export function throwIfInterrupted(signal: AbortSignal): void {
  if (signal.aborted && !isTimeout(signal.reason)) throw signal.reason
}
