import {expect, it} from '@jest/globals'
import {describeEvent} from '../../src/incident/describe.ts'
import type {EventKind, Outcome, ScramEvent} from '../../src/incident/events.ts'
import {KNOWN_KINDS} from '../../src/journal/known-kinds.ts'

const at = '2026-06-07T16:10:00.000Z'
const run = {run: 'r-4qm7v9xhe4a2'}
const step = {...run, step: 'patch#1'}
const outcome: Outcome = {rod: 'api', to: 'in', intent: 'i', targets: [], why: 'w'}
const stream = {stream: 'b1b2c3d4e5f6', epoch: 2, seq: 7}

/** Every kind with its line; shorter and longer forms of some. */
const LINES: readonly (readonly [ScramEvent, string])[] = [
  [{kind: 'incident.opened', data: {title: 'HTTP errors', severity: 'SEV1'}}, 'opened SEV1: HTTP errors'],
  [
    {kind: 'incident.opened', data: {title: 't', severity: 'SEV3', private: true, drill: true, adopt: ['api', 'db']}},
    'opened SEV3, private, a drill: t; adopts api, db',
  ],
  [{kind: 'incident.retitled', data: {title: 't'}}, 'retitled: t'],
  [{kind: 'incident.resolved', data: {}}, 'resolved'],
  [{kind: 'incident.resolved', data: {leftIn: [{rod: 'api', expiresAt: at, why: 'w'}]}}, 'resolved, left in: api until 2026-06-07 16:10Z (w)'],
  [{kind: 'incident.reopened', data: {why: 'w', title: 't', severity: 'SEV1', openedAt: at}}, 'reopened: w'],
  [{kind: 'incident.closed', data: {leftIn: []}}, 'closed'],
  [{kind: 'incident.merged', data: {into: '0607-k7qm2v9xhe4a', why: 'same'}}, 'merged into 0607-k7qm: same'],
  [{kind: 'severity.set', data: {severity: 'SEV1', from: 'SEV2', why: 'all regions'}}, 'severity SEV2 → SEV1: all regions'],
  [{kind: 'severity.set', data: {severity: 'SEV1'}}, 'severity SEV1'],
  [{kind: 'impact.set', data: {impact: 'major'}}, 'public impact major'],
  [{kind: 'role.assigned', data: {role: 'ic', to: 'dana'}}, 'IC is dana'],
  [{kind: 'role.assigned', data: {role: 'comms', to: 'ari'}}, 'comms is ari'],
  [
    {kind: 'component.set', data: {component: 'api', status: 'partial_outage', extent: {metric: 'traffic', min: 10, max: 15}, why: 'w'}},
    'api partial_outage (10–15 % of traffic): w',
  ],
  [{kind: 'milestone.marked', data: {milestone: 'started', text: 'routing fails'}}, 'milestone started: routing fails'],
  [{kind: 'measure.stated', data: {measure: 'engage', ms: 120_000, bound: '<=', from: 'first alert'}}, 'stated: engage ≤ 2m after first alert'],
  [{kind: 'measure.stated', data: {measure: 'engage', ms: 120_000, bound: '~'}}, 'stated: engage ~2m'],
  [
    {kind: 'update.posted', data: {number: 2, status: 'identified', body: 'a\n\nb', components: {}, nextUpdateBy: at}},
    'update 2, identified: a ⏎ b (next by 2026-06-07 16:10Z)',
  ],
  [
    {kind: 'update.amended', data: {update: 'u', number: 2, body: 'b', why: 'typo', nextUpdateBy: at}},
    'update 2 amended: b (next by 2026-06-07 16:10Z) [typo]',
  ],
  [{kind: 'update.amended', data: {update: 'u', number: 2}}, 'update 2 amended'],
  [{kind: 'headline.set', data: {text: 't'}}, 'headline: t'],
  [{kind: 'note.added', data: {noteKind: 'note', text: 't'}}, 't'],
  [{kind: 'note.added', data: {noteKind: 'cause', text: 't'}}, 'cause: t'],
  [{kind: 'entry.corrected', data: {entry: 'abc-12345678', text: 't', at, why: 'w'}}, `corrects 12345678, happened ${at}: t [w]`],
  [{kind: 'entry.corrected', data: {entry: 'abc-12345678'}}, 'corrects 12345678'],
  [{kind: 'entry.redacted', data: {entry: 'abc-12345678', why: 'w'}}, 'redacts 12345678: w'],
  [{kind: 'handoff.offered', data: {to: 'ari'}}, 'command offered to ari'],
  [{kind: 'handoff.taken', data: {from: 'dana', to: 'ari'}}, 'ari takes command from dana'],
  [{kind: 'handoff.taken', data: {to: 'ari'}}, 'ari takes command'],
  [{kind: 'action.added', data: {action: 'A1', text: 't', owner: 'kim'}}, 'action A1: t (kim)'],
  [{kind: 'action.added', data: {action: 'A1', text: 't'}}, 'action A1: t'],
  [{kind: 'action.done', data: {action: 'A1', text: 't'}}, 'action A1 done: t'],
  [{kind: 'action.linked', data: {action: 'A1', url: 'https://example.com'}}, 'action A1 is https://example.com'],
  [{kind: 'command.ran', data: {argv: ['ls', '-l'], exitCode: 2, ms: 1500}}, 'ran ls -l (exit 2, 1.5s)'],
  [{kind: 'command.ran', data: {argv: ['sleep'], exitCode: 130, signal: 'SIGINT', ms: 125_000}}, 'ran sleep (SIGINT, 2m05s)'],
  [{kind: 'rod.inserting', data: {rod: 'api', to: 'in', from: [], why: 'w'}}, 'inserting api at in: w'],
  [{kind: 'rod.withdrawing', data: {rod: 'api', to: '25%', from: [], why: 'w'}}, 'withdrawing api to 25%: w'],
  [{kind: 'rod.withdrawing', data: {rod: 'api', to: 'withdrawn', from: [], why: 'w'}}, 'withdrawing api: w'],
  [
    {kind: 'rod.inserted', data: {...outcome, already: true, blind: true, settles: 'i', warning: 'sides differ'}},
    'api inserted at in (already there, blind, asked later, sides differ)',
  ],
  [
    {kind: 'rod.withdrawn', data: {...outcome, effective: {position: 'withdrawn', probe: 'edge', ms: 1, evidence: 'edge says 200'}}},
    'api withdrawn: edge says 200',
  ],
  [{kind: 'rod.unverified', data: outcome}, 'api unverified at in'],
  [{kind: 'rod.jammed', data: {...outcome, reason: 'refused'}}, 'api jammed: refused'],
  [{kind: 'rod.held', data: {rod: 'api', intent: 'i', position: '25%', stepBacks: 1, guard: 'errors', reason: '4 %'}}, 'api held at 25%, errors: 4 %'],
  [{kind: 'rod.drifted', data: {rod: 'api', expected: 'in', seen: 'withdrawn', by: 'probe', evidence: 'e'}}, 'api drifted: expected in, seen withdrawn (e)'],
  [{kind: 'rod.extended', data: {rod: 'api', expiresAt: at, why: 'w'}}, 'api due out 2026-06-07 16:10Z: w'],
  [{kind: 'rod.reminded', data: {rod: 'api', stage: 'overdue', n: 2}}, 'reminder 2: api is past its expiry'],
  [{kind: 'rod.tested', data: {rod: 'api', mode: 'look', result: 'passed', ms: 900}}, 'api tested (look): passed in 0.9s'],
  [
    {kind: 'run.started', data: {...run, runbook: 'routing', title: 't', text: '', sha256: '', path: '', inputs: {}, mode: 'auto'}},
    'run r-4qm7 of routing started, unattended: t',
  ],
  [
    {kind: 'run.started', data: {...run, runbook: 'routing', title: 't', text: '', sha256: '', path: '', inputs: {}, mode: 'person'}},
    'run r-4qm7 of routing started: t',
  ],
  [{kind: 'run.parked', data: {...step, reason: 'confirm', needs: 'a yes', exit: 4}}, 'run r-4qm7 waits at patch#1 (confirm): a yes'],
  [{kind: 'run.parked', data: {...run, reason: 'unknown', needs: 'a look', exit: 4}}, 'run r-4qm7 waits (unknown): a look'],
  [{kind: 'run.resumed', data: {...run, by: 'ari'}}, 'run r-4qm7 resumed by ari'],
  [{kind: 'run.taken', data: {...run, by: 'ari', from: 'dana'}}, 'run r-4qm7 taken by ari from dana'],
  [{kind: 'run.amended', data: {...run, text: '', sha256: 'abcdef0123456789'}}, 'run r-4qm7 goes on with an amended runbook (abcdef012345)'],
  [
    {kind: 'run.finished', data: {...run, outcome: 'done_with_failures', counts: {}, rodsIn: ['api'], why: 'w'}},
    'run r-4qm7 done with failures, still in: api: w',
  ],
  [{kind: 'run.finished', data: {...run, outcome: 'done', counts: {}, rodsIn: []}}, 'run r-4qm7 done'],
  [{kind: 'step.started', data: {...step, title: 'Patch', kind: 'run', effect: 'unsafe', resume: 'ask'}}, 'step patch#1: Patch'],
  [{kind: 'step.finished', data: {...step, ms: 100, evidence: 'e'}}, 'step patch#1 done in 0.1s: e'],
  [{kind: 'step.finished', data: {...step, ms: 0, evidence: 'e'}}, 'step patch#1 done: e'],
  [{kind: 'step.failed', data: {...step, ms: 100, code: 'c', message: 'm', handled: true}}, 'step patch#1 failed after 0.1s (handled): m (c)'],
  [{kind: 'step.failed', data: {...step, ms: 100, code: 'c', message: 'm'}}, 'step patch#1 failed after 0.1s: m (c)'],
  [{kind: 'step.skipped', data: {...step, reason: 'if'}}, 'step patch#1 skipped (if)'],
  [{kind: 'step.unknown', data: {...step, reason: 'died', detail: 'd'}}, 'step patch#1 unknown (died): d'],
  [{kind: 'step.settled', data: {...step, by: 'person', as: 'finished'}}, 'step patch#1 settled by person as finished'],
  [{kind: 'decision.recorded', data: {...step, of: 'confirm', value: true, by: 'ari', why: 'w'}}, 'confirm at patch#1: true by ari: w'],
  [{kind: 'decision.recorded', data: {...step, of: 'if', value: null}}, 'if at patch#1: null'],
  [{kind: 'timer.set', data: {timer: 't', what: 'wait', due: at}}, 'timer for wait set to 2026-06-07 16:10Z'],
  [{kind: 'timer.fired', data: {timer: 't', lateMs: 2000}}, 'timer t fired, 2s late'],
  [{kind: 'timer.fired', data: {timer: 't', lateMs: 20}}, 'timer t fired'],
  [{kind: 'timer.fired', data: {timer: 'r-4qm7abcdefgh/soak', what: 'wait', outcome: 'told', lateMs: 0}}, 'reminder: the wait at soak (run r-4qm7) is over'],
  [
    {kind: 'timer.fired', data: {timer: 'r-4qm7abcdefgh/patch[a]/push~1/approve', what: 'approve', outcome: 'told', lateMs: 2000}},
    'reminder: the time for an approval of patch[a]/push (run r-4qm7) is over, 2s late',
  ],
  [{kind: 'timer.cancelled', data: {timer: 't'}}, 'timer t cancelled'],
  [{kind: 'page.published', data: {target: 'disk', revision: 3, digest: 'd', ms: 1}}, 'page revision 3 read back at disk'],
  [{kind: 'page.failed', data: {target: 'disk', revision: 3, code: 'c', reason: 'full'}}, 'page revision 3 did not reach disk: full'],
  [{kind: 'delivery.queued', data: {delivery: 'd', channel: 'chat', of: 'u'}}, 'message to chat queued'],
  [{kind: 'delivery.sent', data: {delivery: 'd', channel: 'chat'}}, 'message to chat sent'],
  [{kind: 'delivery.failed', data: {delivery: 'd', channel: 'chat', code: 'c', reason: 'gone'}}, 'message to chat failed: gone'],
  [{kind: 'maintenance.scheduled', data: {maintenance: 'm', title: 't', from: 'a', to: 'b', components: ['api']}}, 'maintenance scheduled a to b (api): t'],
  [{kind: 'maintenance.started', data: {maintenance: 'm'}}, 'maintenance m started'],
  [{kind: 'maintenance.verifying', data: {maintenance: 'm'}}, 'maintenance m verifying'],
  [{kind: 'maintenance.completed', data: {maintenance: 'm'}}, 'maintenance m completed'],
  [{kind: 'maintenance.cancelled', data: {maintenance: 'm', why: 'w'}}, 'maintenance m cancelled: w'],
  [{kind: 'postmortem.drafted', data: {path: 'p.md', head: 'h', digest: 'd', unwritten: ['summary']}}, 'postmortem drafted in p.md, 1 part to be written'],
  [{kind: 'postmortem.published', data: {path: 'p.md', digest: 'd', url: 'https://example.com'}}, 'postmortem published at https://example.com'],
  [{kind: 'postmortem.published', data: {path: 'p.md', digest: 'd'}}, 'postmortem published from p.md'],
  [{kind: 'stream.stopped', data: {...stream, reason: 'corrupt' as never, digest: 'd', detail: 'x'}}, 'stream b1b2c3d4/2 stopped at 7: corrupt (x)'],
  [{kind: 'stream.stopped', data: {...stream, reason: 'corrupt' as never, digest: 'd'}}, 'stream b1b2c3d4/2 stopped at 7: corrupt'],
  [{kind: 'stream.resumed', data: stream}, 'stream b1b2c3d4/2 resumed at 7'],
  [{kind: 'stream.skipped', data: {...stream, why: 'w'}}, 'stream b1b2c3d4/2 skips 7: w'],
  [{kind: 'journal.epoch', data: {reason: 'restore', previous: 1, detail: 'd'}}, 'journal begins anew after epoch 1 (restore): d'],
]

it.each(LINES.map(([event, line]) => ({event, line})))('$event.kind reads: $line', ({event, line}) => expect(describeEvent(event)).toBe(line))

it('every kind there is has a line here', () => {
  const covered = new Set<EventKind>(LINES.map(([{kind}]) => kind))
  expect(KNOWN_KINDS.filter(kind => !covered.has(kind))).toEqual([])
})
