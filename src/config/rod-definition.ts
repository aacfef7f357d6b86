import {BUILT_IN, type RodDefaultsSection, type RodSection} from '../rods/schema.ts'

/** A rod of `scram.yaml`, checked, with what it leaves out taken from `rod_defaults` and then from us. */
export type RodDefinition = Omit<RodSection, 'expires' | 'verify'> & {
  readonly expires: number
  readonly verify: {readonly timeout: number; readonly every: number; readonly consecutive: number}
}

export function rodDefinition(own: RodSection, defaults: RodDefaultsSection): RodDefinition {
  const verify = (key: keyof typeof BUILT_IN.verify) => own.verify?.[key] ?? defaults.verify?.[key] ?? BUILT_IN.verify[key]
  return {
    ...own,
    expires: own.expires ?? defaults.expires ?? BUILT_IN.expires,
    verify: {timeout: verify('timeout'), every: verify('every'), consecutive: verify('consecutive')},
  }
}
