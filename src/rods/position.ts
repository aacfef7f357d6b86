import type {Position} from '../incident/events.ts'
import {Fault} from '../lib/fault.ts'

/** How the positions of a rod are written: a share that is refused, a rate that is admitted, or names. */
export type PositionForm = 'percent' | 'rate' | 'named'

/** A list of names, the shares of a percent rod, or the rates of a rate rod, as `scram.yaml` has them. */
export type PositionSetting = readonly string[] | {readonly percent: {readonly step: number}} | {readonly rate: readonly (number | 'none')[]}

const PERCENT = /^(0|[1-9]\d?|100)%?$/
/** Whole or decimal requests per second; a fraction of a request in a million seconds is a typing error. */
const RATE = /^(0|[1-9]\d{0,8})(\.\d{1,6})?(?:\/s)?$/
const LONGEST_SHOWN = 40

/** All positions in canonical form, from least to most reduced: `withdrawn` first, fully in last. */
export function listPositions(setting: PositionSetting): readonly Position[] {
  if (isList(setting)) return setting
  if ('percent' in setting) {
    const positions = ['withdrawn']
    for (let share = setting.percent.step; share < 100; share += setting.percent.step) positions.push(`${share}%`)
    return [...positions, '100%']
  }
  const rates = setting.rate.filter(rate => rate !== 'none')
  return ['withdrawn', ...rates.sort((a, b) => b - a).map(rate => `${rate}/s`)]
}

// Array.isArray does not narrow a readonly array out of a union.
const isList = (setting: PositionSetting): setting is readonly string[] => Array.isArray(setting)

export function positionForm(positions: readonly Position[]): PositionForm {
  const last = positions.at(-1) ?? ''
  return last.endsWith('%') ? 'percent' : last.endsWith('/s') ? 'rate' : 'named'
}

/**
 * What a person typed after `--to` → the canonical position: `25` and `25%` for percent rods, `10`, `10/s` and `none`
 * for rate rods, a name for named ones. 0 % and `none` are `withdrawn`; `0/s` admits nobody, which is fully in.
 * `--override rates` lets a rate through that is not listed.
 * @throws Fault usage.invalid, naming what would have been right, before anything is sent
 */
export function parsePosition(text: string, positions: readonly Position[], overrides: readonly string[] = []): Position {
  const position = toPosition(text, positions)
  if (position !== null) return position
  const rate = positionForm(positions) === 'rate' ? anyRate(text) : null
  if (rate !== null && overrides.includes('rates')) return rate
  const shown = text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text
  throw new Fault('usage.invalid', `${JSON.stringify(shown)} is not a position of this rod; ${rightOnes(positions)}`)
}

/** The same without the refusal: null for what is no position of this rod. */
export function toPosition(text: string, positions: readonly Position[]): Position | null {
  if (text === 'withdrawn') return 'withdrawn'
  switch (positionForm(positions)) {
    case 'named':
      return positions.includes(text) ? text : null
    case 'percent': {
      const share = PERCENT.exec(text)?.[1]
      if (share === undefined) return null
      return share === '0' ? 'withdrawn' : `${share}%`
    }
    case 'rate': {
      if (text === 'none') return 'withdrawn'
      const rate = anyRate(text)
      return rate !== null && positions.includes(rate) ? rate : null
    }
  }
}

/** True for a canonical position of this rod: what a driver accepts, whoever calls it. A rate need not be one of the listed. */
export function isPosition(position: string, positions: readonly Position[]): boolean {
  if (toPosition(position, positions) === position) return true
  return positionForm(positions) === 'rate' && anyRate(position) === position
}

function anyRate(text: string): Position | null {
  return RATE.test(text) ? `${Number.parseFloat(text)}/s` : null
}

/** `25%` → 25, `10/s` → 10; null for a name. `withdrawn` is 0 of a share and no number of a rate. */
export function positionNumber(position: Position, form: PositionForm): number | null {
  if (form === 'named') return null
  if (position === 'withdrawn') return form === 'percent' ? 0 : null
  return Number.parseFloat(position)
}

function rightOnes(positions: readonly Position[]): string {
  switch (positionForm(positions)) {
    case 'percent':
      return `write a whole share from 0% to 100% (0% is withdrawn), such as ${positions.slice(1).join(', ')}`
    case 'rate':
      return `write one of ${positions.slice(1).join(', ')}, or none (withdrawn); another rate wants --override rates`
    case 'named':
      return `it has ${positions.join(', ')}`
  }
}
