import {basename} from 'node:path'
import type {Reach, Rod} from './rod.ts'

/** `systems:` of scram.yaml: `hosts` by name, `*.example.com` for all below it; `commands` by name or path. */
export type Systems = Readonly<Record<string, {readonly hosts?: readonly string[] | undefined; readonly commands?: readonly string[] | undefined}>>

/** Everything that driver, probes, guard and secrets of an open rod touch outside. Resolves secrets, asks nobody. @throws Fault as opening does */
export async function reachesOf(rod: Rod): Promise<readonly Reach[]> {
  const [driver, probes, withdrawal] = await Promise.all([rod.driver(), rod.probes(), rod.withdrawal()])
  const secrets = rod.secrets().flatMap((reference): Reach[] => {
    if (reference.startsWith('file:')) return [{path: reference.slice('file:'.length)}]
    const [command] = reference.startsWith('exec:') ? (JSON.parse(reference.slice('exec:'.length)) as string[]) : [] // resolved once, so it parses
    return command === undefined ? [] : [{command}]
  })
  const all = [...driver.reaches, ...probes.flatMap(probe => probe.reaches), ...withdrawal.reaches, ...secrets]
  return [...new Map(all.map(reach => [reachText(reach), reach])).values()]
}

/** `host api.internal`, `command ssh`, `path /run/flag`. */
export function reachText(reach: Reach): string {
  return Object.entries(reach)
    .map(([kind, name]) => `${kind} ${name}`)
    .join('')
}

/** What a rod reaches though it says that it runs without it: such a rod fails together with what it is meant to contain. */
export function trespasses(
  reaches: readonly Reach[],
  runsWithout: readonly string[],
  systems: Systems,
): readonly {readonly system: string; readonly reach: Reach}[] {
  return runsWithout.flatMap(system => {
    const {hosts = [], commands = []} = Object.hasOwn(systems, system) ? (systems[system] ?? {}) : {}
    const isOf = (reach: Reach) => {
      if ('host' in reach) return hosts.some(host => hostMatches(reach.host, host))
      return 'command' in reach && commands.some(command => command === reach.command || command === basename(reach.command))
    }
    return reaches.filter(isOf).map(reach => ({system, reach}))
  })
}

function hostMatches(host: string, pattern: string): boolean {
  const name = host.toLowerCase()
  const wanted = pattern.toLowerCase()
  return wanted.startsWith('*.') ? name.endsWith(wanted.slice(1)) : name === wanted
}
