import {Fault} from '../../src/lib/fault.ts'
import {openRod, type RodSection} from '../../src/rods/open-rod.ts'
import type {Rod} from '../../src/rods/rod.ts'

/** The least a rod needs; tests say what matters to them. */
export const plainSection: RodSection = {
  title: 'Lock down the API',
  what: 'All writes by customers',
  spares: 'Running apps',
  positions: ['withdrawn', 'inserted'],
  driver: 'http',
  with: {},
  probe: 'none',
  because: 'the test looks itself',
  verify: {timeout: 1000, every: 5, consecutive: 2},
  expires: 7_200_000,
}

/** A rod as `scram.yaml` would have it; secrets by name. Issues become one Fault whose message lists path and text. */
export function rodOf(section: Partial<RodSection>, {folder = '/', secrets = {}}: {folder?: string; secrets?: Record<string, string>} = {}): Rod {
  return openRod(
    'api-maintenance',
    {...plainSection, ...section},
    {
      folder,
      async secret(reference) {
        const value = secrets[reference]
        if (value === undefined) throw new Fault('secret.missing', `${reference} is not set`)
        return value
      },
      invalid: issues => new Fault('config.invalid', issues.map(({path, message}) => `${path.join('.')}: ${message}`).join('\n')),
    },
  )
}
