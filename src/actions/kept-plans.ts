import {readdirSync} from 'node:fs'
import {join} from 'node:path'
import {canonicalJson} from '../lib/canonical.ts'
import {iso} from '../lib/clock.ts'
import {Fault} from '../lib/fault.ts'
import {makeFolder, readFileBounded, replaceFile} from '../lib/files.ts'
import {sha256Hex} from '../lib/sha256.ts'
import type {JsonMap} from '../runbook/ports.ts'
import type {Plan, PlanEntry} from '../runbook/run-plan.ts'
import type {Desk} from './desk.ts'

const MOST_BYTES = 8 * 1024 * 1024
const HASH = /^[0-9a-f]{64}$/
const PART = /^[0-9a-f]{4,64}$/

interface Keep {
  readonly runbook: string
  readonly sha256: string
  readonly inputs: JsonMap
  readonly plan: Plan
}

/** Keeps a plan under its hash, so that a later run can be held against it. Null where nothing can be written: said, not thrown. */
export function keepPlan(desk: Desk, {runbook, sha256, inputs, plan: {hash, entries}}: Keep): string | null {
  if (desk.home === null) return null
  try {
    const folder = join(desk.home, 'plans')
    makeFolder(folder)
    replaceFile(join(folder, `${hash}.json`), `${JSON.stringify({v: 1, hash, runbook, sha256, inputs, at: iso(desk.clock.now()), entries})}\n`)
    return hash
  } catch (error) {
    desk.narrate(`the plan could not be kept in ${desk.home} (${(error as NodeJS.ErrnoException).code}): --plan cannot ask for it`)
    return null
  }
}

/**
 * The plan of this hash, or of the only one that begins with it (at least 4 digits).
 * @throws Fault usage.invalid · usage.ambiguous · file.not-found · file.invalid: it is not what it was kept as
 */
export function readPlan(desk: Desk, part: string): Plan {
  const wanted = part.trim().toLowerCase()
  if (!PART.test(wanted)) throw new Fault('usage.invalid', `--plan wants 4 to 64 hex digits, as --check prints them, not "${part.slice(0, 70)}"`)
  const folder = join(desk.home ?? '', 'plans')
  const matches = desk.home === null ? [] : namesIn(folder).filter(name => name.startsWith(wanted))
  const [only, another] = matches
  if (another) throw new Fault('usage.ambiguous', `${matches.length} plans begin with ${wanted}; type more of it`, {hints: matches.slice(0, 8)})
  if (!only) throw new Fault('file.not-found', `no plan ${wanted} in ${folder}`, {hints: ['scram run RUNBOOK --check']})
  const file = join(folder, `${only}.json`)
  const entries = entriesIn(file)
  if (!entries || sha256Hex(canonicalJson(entries)) !== only)
    throw new Fault('file.invalid', `${file} is not the plan it was kept as`, {hints: ['scram run RUNBOOK --check']})
  return {hash: only, entries}
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .map(name => name.replace(/\.json$/, ''))
      .filter(name => HASH.test(name))
      .sort()
  } catch {
    return [] // no plan was kept here yet
  }
}

/** Null: it cannot be read, or is no plan. */
function entriesIn(file: string): readonly PlanEntry[] | null {
  try {
    const {entries} = JSON.parse(readFileBounded(file, MOST_BYTES).toString('utf8')) as {entries?: unknown}
    return Array.isArray(entries) && entries.every(isEntry) ? entries : null
  } catch {
    return null
  }
}

/** Whoever edits a plan changes its hash; this only keeps `differences` from stumbling over it. */
function isEntry(value: unknown): value is PlanEntry {
  return Array.isArray(value) && value.length === 6 && typeof value[0] === 'string' && Array.isArray(value[5])
}
