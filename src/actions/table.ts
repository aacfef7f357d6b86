import {MILESTONES, NOTE_KINDS, PUBLIC_IMPACTS, PUBLIC_STATUSES, ROLES} from '../incident/words.ts'
import type {ActionRow, ActionTable, OutputType} from '../runbook/ports.ts'
import {type Field, issuesOf} from './check-input.ts'
import {EXTEND_FIELDS, INSERT_FIELDS, TRIP_FIELDS, WITHDRAW_FIELDS} from './rod-fields.ts'

/**
 * The table of actions: what `uses:` may name, with the fields its `with:` takes. Names of fields are those of the
 * command's flags. Plain data; `perform-action.ts` and `propose-action.ts` carry the rows out.
 */
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
  'incident/amend': {...record, aliases: ['amend'], fields: {entry: needed, text, at: text, why: text}},
  'incident/retitle': {...record, aliases: ['retitle'], fields: {title: needed}},
  'incident/handoff': {...record, aliases: ['handoff'], fields: {to: needed, text}},
  'incident/close': {...record, aliases: ['close'], fields: {}},
  'incident/reopen': {...record, aliases: ['reopen'], fields: {why: needed}},
  'incident/resolve': {...record, aliases: ['resolve'], fields: {text: needed, components: {is: 'components'}}},
  'rod/insert': {aliases: ['in'], effect: 'idempotent', resume: 'verify', fields: INSERT_FIELDS, outputs: ROD_OUTPUTS},
  'rod/withdraw': {aliases: ['out'], effect: 'idempotent', resume: 'verify', fields: WITHDRAW_FIELDS, outputs: ROD_OUTPUTS},
  'rod/extend': {aliases: [], effect: 'idempotent', resume: 'safe', fields: EXTEND_FIELDS, outputs: {}},
  // A step that stands in a runbook is the one confirmation; a `confirm:` of the step asks a person as well.
  trip: {aliases: [], effect: 'idempotent', resume: 'safe', fields: TRIP_FIELDS, outputs: {inserted: 'list'}},
  'rod/verify': {aliases: [], effect: 'none', resume: 'safe', fields: {rod: needed}, outputs: ROD_OUTPUTS},
  'rod/list': {aliases: [], effect: 'none', resume: 'safe', fields: {}, outputs: {inserted: 'list'}},
  'probe/http': {
    aliases: [],
    effect: 'none',
    resume: 'safe',
    fields: {url: needed, status: {is: 'statuses'}, samples: {is: 'number'}, timeout: {is: 'duration'}},
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
