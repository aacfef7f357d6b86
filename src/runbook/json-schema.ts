import {z} from 'zod'
import type {Json} from '../lib/canonical.ts'
import {wholeSchema} from './schema.ts'
import {wholeTestSchema} from './testing/test-schema.ts'

/**
 * JSON Schema (2020-12) of a runbook, for editors: the step kinds as `oneOf`, `x-…` free everywhere, the names that `uses`
 * may have offered one by one.
 */
export function runbookJsonSchema(actions: readonly string[]): {readonly [key: string]: Json} {
  const schema = z.toJSONSchema(wholeSchema(), {
    io: 'input',
    override({jsonSchema}) {
      // A step is exactly one kind; an editor shows `oneOf` branches by what they require.
      if (jsonSchema.anyOf?.some(branch => typeof branch === 'object' && branch.type === 'object' && branch.additionalProperties === false)) {
        jsonSchema.oneOf = jsonSchema.anyOf
        delete jsonSchema.anyOf
      }
      const uses = jsonSchema.properties?.['uses']
      if (typeof uses === 'object' && uses.type === 'string') jsonSchema.properties = {...jsonSchema.properties, uses: {...uses, enum: [...actions]}}
      if (jsonSchema.type === 'object' && jsonSchema.additionalProperties === false) jsonSchema.patternProperties = {'^x-': {}}
    },
  })
  return {...(JSON.parse(JSON.stringify(schema)) as {[key: string]: Json}), title: 'scram runbook'}
}

/** Of `NAME.test.yaml`. */
export function testJsonSchema(): {readonly [key: string]: Json} {
  const schema = z.toJSONSchema(wholeTestSchema(), {
    io: 'input',
    override({jsonSchema}) {
      if (jsonSchema.type === 'object' && jsonSchema.additionalProperties === false) jsonSchema.patternProperties = {'^x-': {}}
    },
  })
  return {...(JSON.parse(JSON.stringify(schema)) as {[key: string]: Json}), title: 'test of a scram runbook'}
}
