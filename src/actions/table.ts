import {COMPONENT_STATUSES, MILESTONES, NOTE_KINDS, PUBLIC_IMPACTS, PUBLIC_STATUSES, ROLES} from '../incident/words.ts'
import type {Json} from '../lib/canonical.ts'
import {parseDuration} from '../lib/durations.ts'
import {Fault} from '../lib/fault.ts'
import {nearest} from '../lib/nearest.ts'
import type {ActionRow, ActionTable, InputIssue, JsonMap, OutputType} from '../runbook/ports.ts'

/**
 * The table of actions: what `uses:` may name, with the fields its `with:` takes. Names of fields are those of the
 * command's flags. Plain data; `perform-action.ts` and `propose-action.ts` carry the rows out.
 */
type Kind = 'text' | 'duration' | 'components' | 'number' | 'argv' | 'severity' | 'map' | readonly string[]

interface Field {
  readonly is: Kind
  readonly required?: boolean
}

interface Row {
  readonly aliases: readonly string[]
  readonly effect: ActionRow['effect']
  readonly resume: ActionRow['resume']
  readonly fields: Readonly<Record<string, Field>>
  readonly outputs: Readonly<Record<string, OutputType>>
}

const text: Field = {is: 'text'}
const needed: Field = {is: 'text', required: true}
const record = {effect: 'record', resume: 'safe', outputs: {}} as const
const ROD_OUTPUTS = {position: 'string', verified: 'bool', ms: 'int'} as const

export const ROWS = {
  'incident/open': {
    ...record,
    aliases: ['open'],
    fields: {title: needed, severity: {is: 'severity'}, components: {is: 'components'}, text, next: {is: 'duration'}, impact: {is: PUBLIC_IMPACTS}},
    outputs: {incident: 'string'},
  },
  'incident/update': {
    ...record,
    aliases: ['update'],
    fields: {text: needed, status: {is: PUBLIC_STATUSES}, components: {is: 'components'}, next: {is: 'duration'}},
    outputs: {number: 'int'},
  },
  'incident/note': {...record, aliases: ['note'], fields: {text: needed, kind: {is: NOTE_KINDS}}},
  'incident/severity': {...record, aliases: ['severity'], fields: {severity: {is: 'severity', required: true}, why: text}},
  'incident/impact': {...record, aliases: ['impact'], fields: {impact: {is: PUBLIC_IMPACTS, required: true}, why: text}},
  'incident/assign': {...record, aliases: ['assign'], fields: {role: {is: ROLES, required: true}, to: needed}},
  'incident/mark': {...record, aliases: ['mark'], fields: {milestone: {is: MILESTONES, required: true}, text, at: text}},
  'incident/resolve': {...record, aliases: ['resolve'], fields: {text: needed, components: {is: 'components'}}},
  'rod/insert': {
    aliases: ['in'],
    effect: 'idempotent',
    resume: 'verify',
    fields: {rod: needed, to: text, why: needed, expires: {is: 'duration'}},
    outputs: ROD_OUTPUTS,
  },
  'rod/withdraw': {aliases: ['out'], effect: 'idempotent', resume: 'verify', fields: {rod: needed, to: text, why: text}, outputs: ROD_OUTPUTS},
  trip: {aliases: [], effect: 'idempotent', resume: 'safe', fields: {bank: needed, why: needed}, outputs: {inserted: 'list'}},
  'rod/verify': {aliases: [], effect: 'none', resume: 'safe', fields: {rod: needed}, outputs: ROD_OUTPUTS},
  'rod/list': {aliases: [], effect: 'none', resume: 'safe', fields: {}, outputs: {inserted: 'list'}},
  'probe/http': {
    aliases: [],
    effect: 'none',
    resume: 'safe',
    fields: {url: needed, samples: {is: 'number'}, timeout: {is: 'duration'}},
    outputs: {ok: 'bool', samples: 'int', failed: 'int', error_rate: 'double', p95_ms: 'int', status: 'int'},
  },
  'probe/command': {
    aliases: [],
    effect: 'none',
    resume: 'safe',
    fields: {argv: {is: 'argv', required: true}, timeout: {is: 'duration'}},
    outputs: {ok: 'bool', exit: 'int', stdout: 'string'},
  },
  'page/build': {aliases: [], effect: 'idempotent', resume: 'safe', fields: {}, outputs: {revision: 'int'}},
  'postmortem/draft': {aliases: [], effect: 'idempotent', resume: 'safe', fields: {out: text}, outputs: {path: 'string'}},
} as const satisfies Readonly<Record<string, Partial<Row> & Pick<Row, 'aliases' | 'effect' | 'resume' | 'fields'>>>

export type RowId = keyof typeof ROWS

const rows: readonly (readonly [string, Row])[] = Object.entries(ROWS)
const byName = new Map(rows.flatMap(([id, row]) => [id, ...row.aliases].map(name => [name, rowOf(id, row)] as const)))

/** Short verb and long form are one row. */
export const actionTable: ActionTable = {
  get: uses => byName.get(uses),
  ids: () => [...byName.keys()].sort(),
}

function rowOf(id: string, {effect, resume, fields, outputs}: Row): ActionRow {
  return {
    id,
    effect,
    resume,
    outputs,
    check: async given => issuesOf(fields, given),
    describe: given =>
      `scram ${id.replace('/', ' ')} ${Object.entries(given)
        .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
        .join(' ')}`.trim(),
  }
}

function issuesOf(fields: Row['fields'], given: JsonMap): readonly InputIssue[] {
  const names = Object.keys(fields)
  const unknown = Object.keys(given).filter(name => !names.includes(name))
  const missing = names.filter(name => fields[name]?.required && !(name in given))
  return [
    ...unknown.map(name => {
      const near = nearest(name, names)
      return {path: [name], message: `\`${name}\` is not taken here${near ? `; did you mean \`${near}\`?` : `; it takes ${names.join(', ') || 'nothing'}`}`}
    }),
    ...missing.map(name => ({path: [], message: `\`${name}\` is missing`})),
    ...Object.entries(given).flatMap(([name, value]) => {
      const field = fields[name]
      const problem = field && problemOf(field.is, value)
      return problem ? [{path: [name], message: `\`${name}\` ${problem}`}] : []
    }),
  ]
}

function problemOf(kind: Kind, value: Json): string | null {
  if (typeof kind !== 'string') return typeof value === 'string' && kind.includes(value) ? null : `is one of ${kind.join(', ')}`
  switch (kind) {
    case 'text':
      return typeof value === 'string' && value.trim() !== '' ? null : 'wants a text'
    case 'severity':
      return typeof value === 'string' && /^(?:sev)?[1-5]$/i.test(value) ? null : 'wants sev1 to sev5'
    case 'number':
      return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= 1000 ? null : 'wants a whole number from 1 to 1000'
    case 'argv':
      return Array.isArray(value) && value.length > 0 && value.every(item => typeof item === 'string')
        ? null
        : 'wants a list of texts: the program, then its arguments'
    case 'map':
      return typeof value === 'object' && value !== null && !Array.isArray(value) ? null : 'wants a map'
    case 'components':
      return isComponents(value) ? null : `wants component: status, status one of ${COMPONENT_STATUSES.join(', ')}`
    case 'duration':
      return durationProblem(value)
  }
}

function isComponents(value: Json): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every(status => (COMPONENT_STATUSES as readonly Json[]).includes(status))
  )
}

function durationProblem(value: Json): string | null {
  if (typeof value !== 'string') return `wants a duration with its unit, such as 2h or 30s, not ${JSON.stringify(value)}`
  try {
    parseDuration(value)
    return null
  } catch (error) {
    return error instanceof Fault ? error.message : String(error)
  }
}
