import type {Position} from '../incident/events.ts'
import type {Probe, Rod} from './rod.ts'

/**
 * What a move would do, one line each, for `--dry-run` and `scram run --check`: the exact calls per target with secrets
 * as their reference, then the probes that would be asked. Sends nothing; secrets are resolved, so that a missing one
 * shows here and not in the outage.
 * @throws Fault config.invalid · secret.missing
 */
export async function planRod(rod: Rod, to: Position): Promise<readonly string[]> {
  const [driver, probes] = await Promise.all([rod.driver(), rod.probes()])
  const {consecutive, timeoutMs} = rod.verify
  const times = (probe: Probe) => (probe.isSampled?.(to) ? '' : ` ${consecutive} times in a row`)
  const looks = probes.map(probe => `then ${probe.name}, until it shows ${to}${times(probe)}, at most ${timeoutMs / 1000} s`)
  return [...driver.plan(to), ...(looks.length > 0 ? looks : [`no probe: ${rod.noProbeBecause ?? 'none given'}; unverified at best`])]
}
