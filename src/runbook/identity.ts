/** `patch/push` and 2 → `patch/push#2`: what step events name. */
export function attemptOf(instance: string, attempt: number): string {
  return `${instance}#${attempt}`
}

/** `patch/push#2` → the instance and its attempt; without `#` the attempt is 1. */
export function instanceOf(step: string): {readonly instance: string; readonly attempt: number} {
  const cut = step.lastIndexOf('#')
  return cut < 0 ? {instance: step, attempt: 1} : {instance: step.slice(0, cut), attempt: Number(step.slice(cut + 1)) || 1}
}

/** What people type for `patch[production]/push`: any part of it, the brackets left out (`production/push`) or not. */
export function isPartOf(part: string, instance: string): boolean {
  return instance.includes(part) || instance.replace(/\[([^\]]*)\]/g, '/$1').includes(part)
}

/**
 * The idempotency key: the same over all attempts, so that a repeat is known as one. Another only when the effect was
 * undone and shall be done anew.
 */
export function keyOf(run: string, instance: string, round = 0): string {
  return round === 0 ? `${run}/${instance}` : `${run}/${instance}~${round}`
}

/** Another one when the step was undone and is asked about anew. */
export function approveTimer(run: string, instance: string, round = 0): string {
  return `${keyOf(run, instance, round)}/approve`
}

/** `api_rod` → `api_rod/undo`: a step of its own. */
export const UNDO = '/undo'

/** What a loop may go over: items name instances. */
export const LOOP_ITEM = /^[A-Za-z0-9._:@-]{1,64}$/
export const MOST_ITEMS = 100
