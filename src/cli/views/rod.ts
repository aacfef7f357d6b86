import type {ListedRod} from '../../actions/list-rods.ts'
import type {MovedRod} from '../../actions/move-rod.ts'
import type {PlannedMove} from '../../actions/plan-move.ts'
import type {WithdrawnRod} from '../../actions/withdraw-rod.ts'
import {maybeIn} from '../../incident/board-state.ts'
import {isOutByWord} from '../../incident/rod-outcome.ts'
import {shortId} from '../../lib/ids.ts'
import {shellQuote} from '../../lib/text.ts'
import type {View} from '../view.ts'
import {ONLY_WHILE_SCRAM_RUNS, rough, utc} from './clock-words.ts'
import {rodDue, rodNews, rodWorth} from './rod-line.ts'

const EXIT = {'rod.inserted': 0, 'rod.withdrawn': 0, 'rod.unverified': 3, 'rod.jammed': 1} as const

/** How a move ended: the three facts apart, the exit code from the third, then the command that comes next. */
export function movedView({rod, intent, outcome}: MovedRod): View {
  const {incident, recorded, kind, data} = outcome
  const head = `${incident === null ? 'no incident' : shortId(incident)}  ${recorded}  ${data.rod} ${verdict(kind, rod, data)}`
  const targets = data.targets.flatMap(({target, acknowledged, readBack, error}) => [
    ...(acknowledged ? [`  acknowledged  ${named(target)}after ${acknowledged.ms} ms: ${acknowledged.detail}`] : []),
    ...(error ? [`  ${(ERRORS[error.code] ?? 'failed').padEnd(12)}  ${named(target)}${error.reason}`] : []),
    ...(readBack ? [`  read back     ${named(target)}${readBack.position} (${readBack.evidence})`] : []),
  ])
  const users = data.effective ? [`  users' path   ${data.effective.position} after ${data.effective.ms} ms (${data.effective.evidence})`] : []
  return {
    text: [head, ...targets, ...users, ...(data.warning ? [`  warning       ${data.warning}`] : []), ...next(kind, rod, data)],
    json: {incident, recorded, kind, intent: intent?.id ?? null, data, publicNote: rod.publicNote ?? null},
    exit: EXIT[kind],
  }
}

/** A withdrawal, guarded or not: held is 4, whatever its last move was. */
export function withdrawnView({held, stepBacks, ...moved}: WithdrawnRod): View {
  const view = movedView(moved)
  const {rod, to} = moved.outcome.data
  if (!held) {
    const further = moved.outcome.kind === 'rod.inserted' && to !== 'withdrawn' ? [`it stands at ${to}; further: scram out ${shellQuote(rod)}`] : []
    return {...view, text: [...view.text, ...further], json: {...view.json, held: null, stepBacks}}
  }
  const {position, reason, guard} = held.data
  const lines = [
    `  HELD at ${position}, exit 4: ${reason}`,
    `  guard         ${guard}`,
    `try again: scram out ${shellQuote(rod)}; one step: scram out ${shellQuote(rod)} --step`,
  ]
  return {text: [...view.text, ...lines], json: {...view.json, held: held.data, stepBacks}, exit: 4}
}

/** A call that was never answered was not refused: whether it arrived is what the person must know. */
const ERRORS: Readonly<Record<string, string>> = {
  'rod.refused': 'refused',
  'rod.moved': 'refused',
  'rod.unanswered': 'no answer',
  'rod.unreachable': 'not sent',
}

function verdict(kind: keyof typeof EXIT, rod: MovedRod['rod'], data: MovedRod['outcome']['data']): string {
  const isAlready = data.already === true
  const stands = data.to === rod.fullyIn ? 'inserted' : `at ${data.to}`
  switch (kind) {
    case 'rod.inserted':
      return isAlready ? `was ${stands} already; the probe agrees` : `${stands}; the probe agrees`
    case 'rod.withdrawn':
      return isAlready ? 'was withdrawn already; the probe agrees' : 'withdrawn; the probe agrees'
    case 'rod.unverified':
      return unverified(rod, data)
    case 'rod.jammed':
      return 'JAMMED: it stands where it stood'
  }
}

/** Why nobody vouches for it: with a move it was sent, a look sends nothing, and without a probe nobody can see. */
function unverified({noProbeBecause}: MovedRod['rod'], data: MovedRod['outcome']['data']): string {
  const {to, targets, settles} = data
  const there = targets.filter(({wanted = to, readBack, error}) => readBack?.position === wanted && !error).length
  if (there > 0 && there < targets.length) return `PARTIAL ${there}/${targets.length}: not every target follows`
  const unshown = noProbeBecause === undefined ? "nothing on the users' path shows it" : `it has no probe (${noProbeBecause})`
  if (isOutByWord(data)) return `UNVERIFIED, and taken to be out by your word: ${unshown}`
  if (settles !== undefined) return `UNVERIFIED: ${unshown}`
  const mayHaveArrived = targets.some(({acknowledged, error}) => acknowledged || error?.code === 'rod.unanswered')
  return mayHaveArrived ? `UNVERIFIED: sent, but ${unshown}` : 'UNVERIFIED: nothing was sent, and nobody can tell where it stands'
}

function next(kind: keyof typeof EXIT, {noProbeBecause}: MovedRod['rod'], data: MovedRod['outcome']['data']): readonly string[] {
  const reason = data.reason === undefined || noProbeBecause !== undefined ? [] : [`  because       ${data.reason}`]
  if (kind === 'rod.inserted') {
    return [...reason, ...(data.expiresAt ? [`due out ${data.expiresAt}: scram out ${data.rod}; reminded of ${ONLY_WHILE_SCRAM_RUNS}`] : [])]
  }
  if (kind === 'rod.unverified' && noProbeBecause !== undefined && data.to === 'withdrawn') {
    const word = `nobody can see that it is out; once you have looked yourself: scram out ${shellQuote(data.rod)} --blind --why TEXT`
    return isOutByWord(data) ? reason : [...reason, word]
  }
  return kind === 'rod.withdrawn' ? reason : [...reason, `ask again: scram rod verify ${data.rod}`]
}

const named = (target: string) => (target === '' ? '' : `${target}: `)

export function rodListView({rods, now}: {readonly rods: readonly ListedRod[]; readonly now: number}): View {
  const lines = rods.flatMap(({id, rod, state, problem}) => {
    const isIn = state !== null && maybeIn(state)
    const due = state && rodDue(state, now)
    return [
      `${id}  ${problem ?? rod?.title ?? 'not in this workspace any more'}`,
      `  ${state ? rodNews(state, now) : 'withdrawn (never moved)'}`,
      ...(isIn ? [`  by ${state.by}: ${state.why || 'no reason given'}`] : []),
      ...(due ? [`  ${due}`] : []),
      `  ${rodWorth(state, now)}`,
    ]
  })
  return {
    text: rods.length === 0 ? ['no rods: none in scram.yaml, and none ever moved'] : lines,
    json: {rods: rods.map(({id, rod, state, problem}) => ({id, title: rod?.title ?? null, what: rod?.what ?? null, state, problem}))},
    exit: 0,
  }
}

export function rodView({id, rod, state, now}: ListedRod & {readonly now: number}): View {
  const due = state && rodDue(state, now)
  const lines = rod
    ? [
        `${id}  ${rod.title}`,
        `  stops      ${rod.what}`,
        `  spares     ${rod.spares}`,
        `  positions  ${rod.positions.join(', ')}`,
        `  driver     ${rod.driverName}`,
        ...(rod.owner ? [`  owner      ${rod.owner}`] : []),
        ...(rod.components.length > 0 ? [`  component  ${rod.components.join(', ')}`] : []),
        ...(rod.isGuarded ? ['  comes out  in steps, under its guard'] : []),
        `  expires    after ${rough(rod.expiresMs)}${rod.onExpiry === 'release' ? ': then its guarded withdrawal starts' : ''}`,
        ...(rod.publicNote ? [`  public     ${rod.publicNote}`] : []),
        ...(rod.noProbeBecause ? [`  no probe   ${rod.noProbeBecause}: unverified at best`] : []),
      ]
    : [id]
  const known = state
    ? [
        `  now        ${rodNews(state, now)}`,
        ...(due ? [`             ${due}`] : []),
        ...(state.why ? [`  why        ${state.why} (${state.by}, ${utc(state.since, now)})`] : []),
        `  worth      ${rodWorth(state, now)}`,
      ]
    : ['  now        withdrawn (never moved)']
  const {title, what, spares, positions, components, expiresMs, publicNote, driverName} = rod ?? {}
  return {text: [...lines, ...known], json: {rod: id, title, what, spares, positions, components, expiresMs, publicNote, driver: driverName, state}, exit: 0}
}

export function planView({rod, to, plan, seen, refusals, expiresAt}: PlannedMove): View {
  const blast = rod.blast ? [`  affects    ${[rod.blast.users, rod.blast.worst].filter(Boolean).join('; ')}`] : []
  return {
    text: [
      `${rod.id} to ${to}: nothing was sent, nothing recorded`,
      `  stops      ${rod.what}`,
      `  spares     ${rod.spares}`,
      ...blast,
      ...(expiresAt === null
        ? []
        : [`  due out    ${expiresAt}, ${rod.onExpiry === 'release' ? 'then its guarded withdrawal starts' : 'then people are reminded'}`]),
      ...(expiresAt === null && rod.isGuarded ? ['  comes out  in steps, under its guard; the last one is shown'] : []),
      ...seen.map(line => `  now        ${line}`),
      ...refusals.map(({name, message}) => `  REFUSED    ${message} (rule ${name})`),
      ...plan.map(line => `  would      ${line}`),
    ],
    json: {rod: rod.id, to, plan, seen, refusals, expiresAt, what: rod.what, spares: rod.spares, blast: rod.blast ?? null, dryRun: true},
    exit: 0,
  }
}
