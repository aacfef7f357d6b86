import {z} from 'zod'
import {forEditors} from '../lib/strict-map.ts'
import {workspace} from './schema.ts'

/** JSON Schema (2020-12) of `scram.yaml` for editors: what a person may write, defaults optional, `x-…` free. */
export function workspaceJsonSchema(): object {
  const schema = z.toJSONSchema(workspace, {io: 'input', unrepresentable: 'any', override: forEditors})
  return {title: 'scram.yaml', ...schema}
}
