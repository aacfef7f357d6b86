import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from '@jest/globals'
import {parse} from 'yaml'
import {z} from 'zod'
import {actionTable} from '../../src/actions/table.ts'
import {runbookJsonSchema} from '../../src/runbook/json-schema.ts'
import {EVERY_KEY} from './every-key.ts'

/** Read back by another reader of JSON Schema than the one that wrote it. */
const schema = z.fromJSONSchema(JSON.parse(JSON.stringify(runbookJsonSchema(actionTable.ids()))) as Parameters<typeof z.fromJSONSchema>[0])
const accepts = (text: string) => schema.safeParse(parse(text)).success

describe('the schema editors get', () => {
  it.each([
    ['the shipped drill', readFileSync(join(import.meta.dirname, '../../runbooks/drill-routing.yaml'), 'utf8')],
    ['a runbook with every key', EVERY_KEY],
  ])('takes %s', (_, text) => {
    expect(accepts(text)).toBe(true)
  })

  it.each([
    ['another key', (text: string) => text.replace('on_failure:', 'on_failing:')],
    ['an action that does not exist', (text: string) => text.replace('uses: note', 'uses: nte')],
    ['two kinds in one step', (text: string) => text.replace('uses: note\n', 'uses: note\n    wait: 5s\n')],
    ['a group in a parallel', (text: string) => text.replace('{ id: left, ', '{ id: left, steps: [{ wait: 1s }], ')],
  ])('refuses %s', (_, broken) => {
    expect(broken(EVERY_KEY)).not.toBe(EVERY_KEY)
    expect(accepts(broken(EVERY_KEY))).toBe(false)
  })
})
