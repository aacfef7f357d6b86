import type {Entry} from './history.ts'
import {makeHistory, on} from './history.ts'

const DAY = '2012-06-07'
const at = (time: string, basis?: Parameters<typeof on>[2], approx?: boolean) => on(DAY, time, basis, approx)

/**
 * The routing outage of 2012-06-07 as a record: what the public report states, what the status page of that day recorded,
 * and, marked `assumed`, what neither of them holds. Only facts that rest on the first two may be asserted of the day.
 */
export function goldenDay() {
  const {incident, events, add} = makeHistory()
  const monitoring = {name: 'monitoring', kind: 'alert'} as const
  const comms = (moment: Entry): Entry => ({...moment, by: 'cora'})
  const both = (moment: Entry, data: {status: 'major_outage' | 'partial_outage' | 'degraded_performance' | 'operational'; extent?: typeof EXTENT}) => {
    for (const component of ['production', 'development']) add(moment, {kind: 'component.set', data: {component, ...data}})
  }
  const update = (moment: Entry, number: number, status: 'investigating' | 'identified' | 'monitoring' | 'resolved', body: string) =>
    add(comms(moment), {
      kind: 'update.posted',
      data: {number, status, body, components: {}, ...(number === 9 && {promises: [{what: 'postmortem' as const}]})},
    })
  const rod = (moment: Entry, kind: 'rod.inserted' | 'rod.withdrawn', to: string) =>
    add(moment, {
      kind,
      data: {
        rod: 'api-maintenance',
        to,
        intent: 'i',
        why: 'contain the damage',
        targets: [],
        effective: {position: to, probe: 'http', ms: 900, evidence: '503'},
      },
    })

  add(at('15:52:41', 'stated', false), {kind: 'milestone.marked', data: {milestone: 'started', text: 'Routing mesh begins to fail for all apps'}})
  both(at('15:52:41', 'stated', false), {status: 'major_outage'})
  add({...at('15:52:51', 'stated', true), actor: monitoring}, {kind: 'milestone.marked', data: {milestone: 'detected', text: 'First monitoring alert sent'}})
  add(at('15:54:51', 'assumed'), {kind: 'milestone.marked', data: {milestone: 'engaged'}})
  add(comms(at('15:55:51')), {kind: 'incident.opened', data: {title: 'HTTP Routing Errors', severity: 'SEV1', impact: 'critical'}})
  add(comms(at('15:55:51')), {kind: 'role.assigned', data: {role: 'comms', to: 'cora'}})
  update(at('15:55:51'), 1, 'investigating', 'Automated systems detected potential platform errors')
  add(at('15:55:51', 'assumed'), {kind: 'component.set', data: {component: 'status-site', status: 'major_outage'}})
  update(at('15:58:56'), 2, 'investigating', 'Widespread errors confirmed')
  add(at('15:59:51', 'assumed'), {kind: 'milestone.marked', data: {milestone: 'identified'}})
  rod(at('16:06:00', 'assumed'), 'rod.inserted', 'inserted')
  add(at('16:06:00', 'assumed'), {kind: 'component.set', data: {component: 'api', status: 'under_maintenance'}})
  const step = {run: 'r-boot00000000', step: 'boot-routing-nodes'}
  add(at('16:07:00', 'assumed'), {
    kind: 'step.started',
    data: {...step, title: 'Boot a large batch of extra routing nodes', kind: 'run', effect: 'unsafe', resume: 'ask'},
  })
  update(at('16:15:25'), 3, 'identified', 'Router issue identified')
  add(at('16:18:00', 'assumed'), {kind: 'step.finished', data: {run: 'r-boot00000000', step: 'patch-router', ms: 60_000}})
  both(at('16:22:41', 'stated', true), {status: 'partial_outage', extent: EXTENT})
  add(at('16:30:00', 'assumed'), {kind: 'component.set', data: {component: 'status-site', status: 'partial_outage'}})
  update(at('16:36:37'), 4, 'monitoring', 'Patch pushed; applications coming back online')
  update(at('16:50:21'), 5, 'monitoring', 'Most applications back online')
  add(at('17:15:00', 'assumed'), {kind: 'step.finished', data: {...step, ms: 68 * 60_000}})
  const sixth = update(at('17:16:40'), 6, 'monitoring', 'API intentionally in maintenance mode while apps are restored')
  add(comms(at('17:26:55')), {kind: 'update.amended', data: {update: sixth.id, number: 6}})
  add(at('17:30:00', 'assumed'), {kind: 'component.set', data: {component: 'status-site', status: 'operational'}})
  rod(at('17:38:00', 'assumed'), 'rod.withdrawn', 'withdrawn')
  add(at('17:38:00', 'assumed'), {kind: 'component.set', data: {component: 'api', status: 'operational'}})
  update(at('17:47:26'), 7, 'monitoring', 'H99 errors decreasing; API back online')
  both(at('17:52:41', 'stated', true), {status: 'degraded_performance'})
  update(at('17:55:00', 'assumed'), 8, 'monitoring', 'API fully restored; error rates within normal levels')
  const end = {...at('18:08:41', 'stated', false), precisionMs: 60_000}
  both(end, {status: 'operational'})
  update(at('18:08:41', 'assumed'), 9, 'resolved', 'Routing issue fully resolved; a full postmortem will follow')
  add(comms(end), {kind: 'incident.resolved', data: {}})
  const later = {at: '2012-06-08T09:00:00Z', basis: 'stated'} as const
  add(later, {kind: 'measure.stated', data: {measure: 'engage', bound: '<=', ms: 120_000, from: 'first alert'}})
  add(later, {kind: 'measure.stated', data: {measure: 'public', bound: '=', ms: 180_000, from: 'first alert'}})
  add(later, {kind: 'measure.stated', data: {measure: 'diagnose', bound: '<=', ms: 420_000, from: 'first alert'}})
  return {incident, events, components: COMPONENTS}
}

const EXTENT = {metric: 'HTTP traffic', min: 10, max: 15}

export const COMPONENTS = [
  {id: 'production', name: 'Production', kind: 'service'},
  {id: 'development', name: 'Development', kind: 'service'},
  {id: 'status-site', name: 'status.example.net', kind: 'communication'},
  {id: 'api', name: 'API', kind: 'service'},
] as const
