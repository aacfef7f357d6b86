import type {Finding} from './finding.ts'
import {findingLine} from './finding.ts'
import type {Loaded, Loading} from './load.ts'

/** What a call may name: the file with that id; why it may not be called; null: there is none. */
export type Found = {readonly path: string; readonly text: string} | {readonly problem: string} | null
export type Find = (id: string) => Found

/** Below the runbook that was started. */
const DEEPEST_CALL = 3
/** All texts of a run together: they are pinned in one record. */
const MOST_BYTES = 512 * 1024

/** The runbooks on the way to the one being read, and all that were read: one file is read once. */
export interface Calls {
  readonly trail: readonly string[]
  readonly seen: Map<string, Loading>
  readonly find: Find | undefined
  readonly load: (path: string, text: string, calls: Calls) => Loading
}

export type Called = {readonly ok: true; readonly loaded: Loaded} | {readonly ok: false; readonly code: Finding['code']; readonly message: string}

/** The runbook `id` for the one at the end of the trail. */
export function resolveCall({trail, seen, find, load}: Calls, id: string): Called {
  const from = trail.at(-1) ?? ''
  if (trail.includes(id)) {
    const round = [...trail.slice(trail.indexOf(id)), id]
    return refused('call-cycle', from === id ? `${id} calls itself` : `${round.slice(0, -1).join(' calls ')}, which calls ${id}`)
  }
  const found = find?.(id) ?? null
  if (!found) return refused('unknown-name', find ? `there is no runbook \`${id}\` in this workspace` : `\`${id}\` is in no workspace here: a call needs one`)
  if ('problem' in found) return refused('unknown-name', `\`${id}\` cannot be called: ${found.problem}`)
  const loading = seen.get(id) ?? load(found.path, found.text, {trail: [...trail, id], seen, find, load})
  seen.set(id, loading)
  if (!loading.ok) {
    const [first] = loading.findings
    // A cycle is the business of whoever closes it, wherever one starts to read.
    const code = first?.code === 'call-cycle' ? 'call-cycle' : 'schema'
    return refused(code, code === 'call-cycle' && first ? first.message : `\`${id}\` does not check: ${first ? findingLine(first) : found.path}`)
  }
  if (trail.length + heightOf(loading.loaded) > DEEPEST_CALL)
    return refused('call-cycle', `calls are at most ${DEEPEST_CALL} deep: ${[...trail, id].join(' calls ')}`)
  return {ok: true, loaded: loading.loaded}
}

/** All texts that a run of it would pin. */
export function tooLarge(text: string, called: Loaded['called']): string | null {
  const bytes = [text, ...Object.values(called).map(one => one.text)].reduce((sum, each) => sum + Buffer.byteLength(each), 0)
  return bytes > MOST_BYTES ? `with the runbooks it calls this is ${Math.ceil(bytes / 1024)} KiB; at most ${MOST_BYTES / 1024} are pinned` : null
}

/** Calls below it. */
function heightOf({calls}: Loaded): number {
  return calls.reduce((most, one) => Math.max(most, 1 + heightOf(one)), 0)
}

/** What it calls, directly or not, by id. */
export function allCalled(calls: readonly Loaded[]): Loaded['called'] {
  return Object.assign({}, ...calls.flatMap(one => [one.called, {[one.runbook.id]: one}])) as Loaded['called'] // maps of that shape, merged
}

function refused(code: Finding['code'], message: string): Called {
  return {ok: false, code, message}
}
