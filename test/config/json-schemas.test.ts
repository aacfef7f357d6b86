import {describe, expect, it} from '@jest/globals'
import {workspaceJsonSchema} from '../../src/config/json-schemas.ts'

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: boolean | Schema
  readonly patternProperties?: unknown
  readonly propertyNames?: unknown
  readonly required?: readonly string[]
  readonly pattern?: string
}

describe('the JSON Schema of scram.yaml', () => {
  const schema = workspaceJsonSchema() as Schema

  it('wants what a person must write, and nothing that has a default', () => {
    expect(schema.required).toEqual(['scram'])
    const rod = schema.properties?.['rods']?.additionalProperties as Schema
    expect(rod.required).toEqual(['title', 'what', 'spares', 'driver', 'probe'])
    expect(rod.properties?.['withdraw']?.properties?.['guard']?.required).toEqual(['advance'])
  })

  it('is closed, with x-… free, in every map but those that hold other people’s keys', () => {
    const closed: string[] = []
    const walk = (at: unknown, path: string) => {
      if (typeof at !== 'object' || at === null) return
      const {additionalProperties, patternProperties, propertyNames} = at as Schema
      if (additionalProperties === false || (propertyNames && JSON.stringify(propertyNames).includes('pattern'))) {
        closed.push(path)
        expect(patternProperties).toEqual({'^x-': {}})
      }
      for (const [key, value] of Object.entries(at)) walk(value, `${path}/${key}`)
    }
    walk(schema, '')
    expect(closed.length).toBeGreaterThan(30)
  })

  it('knows a duration when it sees one', () => {
    const {pattern} = schema.properties?.['cadence']?.properties?.['sev1'] ?? {}
    expect('1h30m').toMatch(new RegExp(pattern ?? '^$'))
    expect('20').not.toMatch(new RegExp(pattern ?? ''))
  })
})
