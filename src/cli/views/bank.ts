import type {TrippedBank, TrippedRod} from '../../actions/trip-bank.ts'
import {shortId} from '../../lib/ids.ts'
import {shellQuote} from '../../lib/text.ts'
import type {ExitCode} from '../exit.ts'
import type {View} from '../view.ts'

/** Every rod of the bank in its order, then what to do about those that are not in. */
export function bankView({bank, title, incident, rods}: TrippedBank): View {
  const recorded = rods.flatMap(each => (each.end === 'moved' ? [each.moved.outcome.recorded] : [])).sort()
  const effective = rods.filter(each => exitOf(each) === 0).length
  const head = `${incident === null ? 'no incident' : shortId(incident)}  ${recorded.at(-1) ?? 'nothing recorded'}  bank ${bank} (${title}): ${effective} of ${rods.length} effective`
  const left = rods.filter(each => exitOf(each) !== 0)
  return {
    text: [head, ...rods.map(each => `  ${trippedLine(each)}`), ...left.map(each => `next: ${nextFor(each)}`)],
    json: {bank, title, incident, effective, rods: rods.map(jsonOf)},
    exit: rods.some(each => each.end !== 'moved' && each.fault.code === 'interrupted') ? 130 : worst(rods.map(exitOf)),
  }
}

/** How one rod came out. */
export function trippedLine(tripped: TrippedRod): string {
  const head = `${tripped.rod} (wave ${tripped.wave})`
  if (tripped.end === 'cut-off') return `${head}  UNKNOWN: ${tripped.fault.message}`
  if (tripped.end !== 'moved') return `${head}  ${tripped.fault.code === 'interrupted' ? 'NOT BEGUN' : 'REFUSED'}: ${tripped.fault.message}`
  const {kind, data} = tripped.moved.outcome
  if (kind === 'rod.inserted')
    return `${head}  ${data.already === true ? 'was inserted already' : `inserted${data.effective ? ` after ${data.effective.ms} ms` : ''}`}; the probe agrees`
  return `${head}  ${kind === 'rod.jammed' ? 'JAMMED' : isPartial(tripped) ? 'PARTIAL' : 'UNVERIFIED'}: ${data.reason ?? "nothing on the users' path shows it"}`
}

function exitOf(tripped: TrippedRod): 0 | 1 | 3 {
  if (tripped.end !== 'moved') return 1
  const {kind} = tripped.moved.outcome
  return kind === 'rod.inserted' ? 0 : kind === 'rod.jammed' ? 1 : 3
}

function worst(codes: readonly (0 | 1 | 3)[]): ExitCode {
  return codes.includes(1) ? 1 : codes.includes(3) ? 3 : 0
}

function nextFor(tripped: TrippedRod): string {
  const rod = shellQuote(tripped.rod)
  if (tripped.end !== 'moved') return tripped.fault.hints[0] ?? `scram in ${rod} --why TEXT`
  return tripped.moved.outcome.kind === 'rod.jammed' ? `scram in ${rod} --why TEXT` : `scram rod verify ${rod}`
}

function isPartial({moved}: Extract<TrippedRod, {end: 'moved'}>): boolean {
  const {to, targets} = moved.outcome.data
  const there = targets.filter(({readBack, error}) => readBack?.position === to && !error).length
  return there > 0 && there < targets.length
}

function jsonOf(tripped: TrippedRod): object {
  const {rod, wave} = tripped
  if (tripped.end !== 'moved')
    return {rod, wave, kind: tripped.end === 'cut-off' ? 'unknown' : 'refused', code: tripped.fault.code, reason: tripped.fault.message}
  const {kind, data} = tripped.moved.outcome
  return {rod, wave, kind, data}
}
