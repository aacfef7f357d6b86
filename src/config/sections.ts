import {isAbsolute, join} from 'node:path'
import {DEFAULT_CADENCE_MS, SEVERITIES, type Severity} from '../incident/words.ts'
import {defined} from '../lib/defined.ts'
import {defaultTargets} from './default-targets.ts'
import type {Sections} from './opened-workspace.ts'
import type {Section, SectionName} from './schema.ts'

export type SectionOf = <N extends SectionName>(name: N) => Section<N>

/**
 * The sections as they are used, from those that were checked. Getters: a section that does not check fails where it is
 * used, and nowhere else.
 */
export function sectionsOf(folder: string, section: SectionOf, home: string | null): Sections {
  return {
    folder,
    get page() {
      const {name, url = null} = section('page')
      return {name, url}
    },
    get groups() {
      return Object.entries(section('groups')).map(([id, group]) => ({id, ...defined(group)}))
    },
    get components() {
      return Object.entries(section('components')).map(
        ([id, {public: isPublic, start_date: startDate, only_show_if_degraded: onlyShowIfDegraded, ...rest}]) => ({
          id,
          isPublic,
          onlyShowIfDegraded,
          ...defined({...rest, startDate}),
        }),
      )
    },
    get cadenceMs() {
      return cadence(section('cadence'))
    },
    get targets() {
      const given = section('targets')
      if (given.length === 0) return defaultTargets(home)
      return given.map(({path, url = null, ...rest}) => ({...rest, url, path: isAbsolute(path) ? path : join(folder, path)}))
    },
    get banks() {
      return Object.entries(section('banks')).map(([id, bank]) => ({id, ...bank}))
    },
    get systems() {
      return section('systems')
    },
    get postmortem() {
      return section('postmortem')
    },
  }
}

function cadence(given: Section<'cadence'>): Readonly<Record<Severity, number>> {
  const key = (severity: Severity) => severity.toLowerCase() as Lowercase<Severity>
  const entries = SEVERITIES.map(severity => [severity, given[key(severity)] ?? given.default ?? DEFAULT_CADENCE_MS[severity]])
  return Object.fromEntries(entries) as Record<Severity, number> // made from all of SEVERITIES
}
