import {z} from 'zod'
import type {Json} from '../lib/canonical.ts'
import {wholeSchema} from './schema.ts'

/** JSON Schema (2020-12) of a runbook, for editors: the step kinds as `oneOf`, `x-…` free everywhere. */
export function runbookJsonSchema(): {readonly [key: string]: Json} {
  const schema = z.toJSONSchema(wholeSchema(), {
    io: 'input',
    override({jsonSchema}) {
      // A step is exactly one kind; an editor shows `oneOf` branches by what they require.
      if (jsonSchema.anyOf?.some(branch => typeof branch === 'object' && branch.type === 'object' && branch.additionalProperties === false)) {
        jsonSchema.oneOf = jsonSchema.anyOf
        delete jsonSchema.anyOf
      }
      if (jsonSchema.type === 'object' && jsonSchema.additionalProperties === false) jsonSchema.patternProperties = {'^x-': {}}
    },
  })
  return {...(JSON.parse(JSON.stringify(schema)) as {[key: string]: Json}), title: 'scram runbook'}
}
