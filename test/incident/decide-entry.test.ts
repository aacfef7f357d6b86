import {describe, expect, it} from '@jest/globals'
import {given} from './given.ts'
import {component, opened} from './history.ts'

const resolved = {kind: 'incident.resolved', data: {}} as const
const closed = {kind: 'incident.closed', data: {}} as const
const merged = {kind: 'incident.merged', data: {into: '0607-bbbb00000000'}} as const

describe('notes', () => {
  it('are recorded as typed, without control characters', () => {
    given(opened)
      .when({intend: 'note', text: ' a\r\n\tb\u001b[31m\u0000 ', noteKind: 'finding', pin: true})
      .then({kind: 'note.added', data: {noteKind: 'finding', text: 'a\n\tb', pinned: true}})
  })
  it('go in after the end too, the postmortem needs them', () => {
    for (const past of [resolved, closed, merged]) given(opened, past).when({intend: 'note', text: 'n', noteKind: 'note'}).records('note.added')
  })
  it('say something', () => given(opened).when({intend: 'note', text: '', noteKind: 'note'}).refuses('text.empty', 'note'))
  it('are about an incident', () => given().when({intend: 'note', text: 'n', noteKind: 'note'}).refuses('incident.not-found'))
})

describe('redacting', () => {
  it('names the entry and why', () =>
    given(opened)
      .when({intend: 'redact', entry: 'e', why: 'a name'})
      .then({kind: 'entry.redacted', data: {entry: 'e', why: 'a name'}}))
  it('is refused without a reason, an entry or an incident', () => {
    given(opened).when({intend: 'redact', entry: 'e', why: ''}).refuses('text.empty')
    given(opened).when({intend: 'redact', entry: '', why: 'w'}).refuses('entry.not-found')
    given().when({intend: 'redact', entry: 'e', why: 'w'}).refuses('incident.not-found')
  })
})

describe('marks and stated measures', () => {
  it('say when something was reached, and what shows it', () => {
    given(opened)
      .when({intend: 'mark', milestone: 'detected', text: 'first page'})
      .then({kind: 'milestone.marked', data: {milestone: 'detected', text: 'first page'}})
    given(opened, closed)
      .when({intend: 'mark', milestone: 'started'})
      .then({kind: 'milestone.marked', data: {milestone: 'started'}})
  })
  it('neither resolve nor close', () => {
    given(opened).when({intend: 'mark', milestone: 'resolved'}).refuses('guard.refused', 'does not resolve', 'scram resolve -m "text"')
    given(opened, resolved).when({intend: 'mark', milestone: 'closed'}).refuses('guard.refused', 'does not close', 'scram close')
    given(opened, resolved, closed).when({intend: 'mark', milestone: 'closed'}).records('milestone.marked')
    given(opened, resolved).when({intend: 'mark', milestone: 'resolved'}).records('milestone.marked')
  })
  it('keep the bound somebody vouches for', () => {
    given(opened)
      .when({intend: 'state-measure', measure: 'engage', ms: 120_000, bound: '<=', from: 'first alert'})
      .then({kind: 'measure.stated', data: {measure: 'engage', ms: 120_000, bound: '<=', from: 'first alert'}})
    given(opened).when({intend: 'state-measure', measure: 'engage', ms: 0, bound: '='}).records('measure.stated')
  })
  it('are refused when they are none', () => {
    given(opened).when({intend: 'state-measure', measure: ' ', ms: 1, bound: '='}).refuses('text.empty')
    given(opened).when({intend: 'state-measure', measure: 'engage', ms: -1, bound: '='}).refuses('usage.invalid')
    given(opened).when({intend: 'state-measure', measure: 'engage', ms: 1.5, bound: '='}).refuses('usage.invalid')
    given().when({intend: 'state-measure', measure: 'engage', ms: 1, bound: '='}).refuses('incident.not-found')
    given().when({intend: 'mark', milestone: 'started'}).refuses('incident.not-found')
  })
})

describe('titles', () => {
  it('can be given anew, after the end too', () =>
    given(opened, closed)
      .when({intend: 'retitle', title: 'Routing'})
      .then({kind: 'incident.retitled', data: {title: 'Routing'}}))
  it('are refused when empty, or without an incident', () => {
    given(opened).when({intend: 'retitle', title: ''}).refuses('text.empty')
    given().when({intend: 'retitle', title: 't'}).refuses('incident.not-found')
  })
})

describe('severity, impact and components', () => {
  it('keep what they were and why', () => {
    given(opened)
      .when({intend: 'severity', severity: 'SEV1', why: 'all regions'})
      .then({kind: 'severity.set', data: {severity: 'SEV1', from: 'SEV2', why: 'all regions'}})
    given(opened)
      .when({intend: 'impact', impact: 'major'})
      .then({kind: 'impact.set', data: {impact: 'major'}})
    given(opened)
      .when({intend: 'component', component: 'api', status: 'partial_outage', extent: {metric: 'traffic', min: 10, max: 15}, why: ' half back '})
      .then({kind: 'component.set', data: {component: 'api', status: 'partial_outage', extent: {metric: 'traffic', min: 10, max: 15}, why: 'half back'}})
  })
  it('of a component the page does not show stay internal', () => {
    given(opened)
      .in({components: ['web']})
      .when({intend: 'component', component: 'db', status: 'major_outage'})
      .then({...component('db', 'major_outage'), visibility: 'internal'})
    given(opened)
      .in({components: ['web']})
      .when({intend: 'component', component: 'web', status: 'major_outage'})
      .then(component('web', 'major_outage'))
  })
  it('are refused once it is closed', () => {
    for (const act of [
      {intend: 'severity', severity: 'SEV1'},
      {intend: 'impact', impact: 'none'},
      {intend: 'component', component: 'a', status: 'operational'},
    ] as const) {
      given(opened, closed).when(act).refuses('guard.refused', 'closed')
    }
  })
  it('after the end take only what was so before it', () => {
    const broken = {intend: 'component', component: 'api', status: 'major_outage'} as const
    given(opened, resolved).when(broken).refuses('guard.refused', 'again', 'scram reopen --incident 0607-k7qm --why "reason"')
    given(opened, resolved)
      .when({...broken, status: 'operational'})
      .records('component.set')
    given(opened, resolved, closed)
      .when({...broken, at: '2026-06-07T15:40:00.000Z'})
      .records('component.set')
  })
  it('are refused when nothing is named, or the extent is no share', () => {
    given(opened).when({intend: 'component', component: '', status: 'operational'}).refuses('usage.invalid')
    for (const [min, max] of [
      [15, 10],
      [-1, 5],
      [5, 101],
      [Number.NaN, 5],
    ] as const) {
      given(opened)
        .when({intend: 'component', component: 'a', status: 'partial_outage', extent: {metric: 'm', min, max}})
        .refuses('usage.invalid', 'share')
    }
  })
})

describe('people', () => {
  it('get roles', () => {
    given(opened)
      .when({intend: 'assign', role: 'comms', to: ' ari '})
      .then({kind: 'role.assigned', data: {role: 'comms', to: 'ari'}})
    given(opened).when({intend: 'assign', role: 'comms', to: ''}).refuses('text.empty', 'comms')
    given(opened, closed).when({intend: 'assign', role: 'comms', to: 'ari'}).refuses('guard.refused')
  })
  it('are offered command', () => {
    given(opened)
      .when({intend: 'handoff', to: 'ari', text: 'API is closed'})
      .then({kind: 'handoff.offered', data: {to: 'ari', text: 'API is closed'}})
    given(opened)
      .when({intend: 'handoff', to: 'ari'})
      .then({kind: 'handoff.offered', data: {to: 'ari'}})
    given(opened).when({intend: 'handoff', to: ' '}).refuses('text.empty')
    given(opened, merged).when({intend: 'handoff', to: 'ari'}).refuses('guard.refused')
  })
  it('take it when it was offered to them, or step in', () => {
    const offered = {kind: 'handoff.offered', data: {to: 'Ari'}} as const
    const ic = {kind: 'role.assigned', data: {role: 'ic', to: 'dana'}} as const
    const {decision} = given(opened, ic, offered).when({intend: 'take', actor: 'ari'})
    expect(decision).toMatchObject({events: [{data: {to: 'ari', from: 'dana', offer: expect.any(String)}}]})
    given(opened, offered)
      .when({intend: 'take', actor: 'kim'})
      .then({kind: 'handoff.taken', data: {to: 'kim'}})
    given(opened, ic)
      .when({intend: 'take', actor: 'dana'})
      .then({kind: 'handoff.taken', data: {to: 'dana'}})
    given(opened, closed).when({intend: 'take', actor: 'kim'}).refuses('guard.refused')
  })
})

describe('commands', () => {
  const ran = {argv: ['true'], exitCode: 0, ms: 1}
  it('are recorded in the incident, or in none', () => {
    given(opened).when({intend: 'record-command', data: ran}).then({kind: 'command.ran', data: ran})
    given().in({incident: null}).when({intend: 'record-command', data: ran}).records('command.ran')
    given().when({intend: 'record-command', data: ran}).refuses('incident.not-found')
  })
})
