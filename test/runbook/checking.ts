import {SimulatedClock} from '../../src/lib/simulated-clock.ts'
import {type Checked, type CheckedRow, type CheckPorts, checkRunbook} from '../../src/runbook/check.ts'
import type {Change, Planned} from '../../src/runbook/check-ports.ts'
import type {Facts, JsonMap, Performed, Ran} from '../../src/runbook/ports.ts'
import {runbookOf} from './driving.ts'
import {ACTIONS, finished} from './world.ts'

/** A platform to check against: what its probes show, and a record that planned steps change. */
export class Outlook {
  readonly asked: string[] = []
  readonly tried: (readonly string[])[] = []
  readonly rods: Record<string, string> = {}
  incident: Facts['incident'] = null
  looks: Record<string, (given: JsonMap) => Performed> = {}
  refusals: Record<string, string> = {}
  /** A probe that never answers, and ends when it is told to. */
  isHanging = false
  tries: () => Ran = () => ({end: 'exited', exitCode: 0, stdout: ''})

  ports(): CheckPorts {
    return {
      clock: new SimulatedClock(),
      actions: ACTIONS,
      by: 'ada',
      mask: text => text.replaceAll('hunter2secret', '[masked]'),
      look: async ({uses, with: given}, signal) => {
        this.asked.push(uses)
        if (this.isHanging) return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
        return this.looks[uses]?.(given) ?? finished({ok: true, error_rate: 0, status: 200})
      },
      plan: async ({uses, with: given}) => this.plan(uses, given),
      tryCommand: async ({argv}) => {
        this.tried.push(argv)
        return this.tries()
      },
      facts: async () => {
        const entries = Object.entries(this.rods).filter(([, position]) => position !== 'withdrawn')
        return {incident: this.incident, rods: {inserted: entries.length, position: {...this.rods}, in: entries.map(([rod]) => rod)}}
      },
    }
  }

  private plan(uses: string, given: JsonMap): Planned {
    const message = this.refusals[uses]
    if (message !== undefined) return {end: 'refused', message, lines: []}
    if (uses === 'open' && this.incident) return {end: 'skipped', reason: 'an incident is open already'}
    if (uses === 'open')
      this.incident = {id: 'i', title: 't', severity: 'SEV1', status: 'investigating', public: true, opened: '2026-01-01T00:00:00.000Z', components: {}}
    if (uses !== 'rod/insert' && uses !== 'rod/withdraw')
      return {
        end: 'planned',
        lines: [`records ${uses}`],
        changes: uses === 'open' ? [{what: 'incident.phase', before: null, after: 'open'}] : [],
        outputs: {number: 1},
      }
    const rod = String(given['rod'])
    const change: Change = {what: `rods.${rod}`, before: this.rods[rod] ?? 'withdrawn', after: uses === 'rod/insert' ? 'inserted' : 'withdrawn'}
    this.rods[rod] = change.after ?? ''
    return {end: 'planned', lines: [], changes: [change], outputs: null, requests: [`PUT ${rod}`]}
  }

  check(steps: string, top = '', inputs: JsonMap = {}): Promise<Checked> {
    return checkRunbook(this.ports(), runbookOf(steps, top).runbook, inputs, new AbortController().signal)
  }
}

export function row({rows}: Checked, instance: string): CheckedRow {
  const found = rows.find(each => each.instance === instance)
  if (!found) throw new Error(`no row ${instance} in ${rows.map(each => each.instance).join(', ')}`)
  return found
}
