import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import type {Machine} from './run-scram.ts'

export interface Entry {
  readonly kind: string
  readonly at: string
  readonly recorded: string
  readonly actor: {readonly name: string}
  readonly data: Record<string, unknown> & {readonly step?: string}
}

/** Puts a runbook of these steps into the machine's workspace. */
export function book(at: Machine, id: string, steps: string, top = ''): void {
  writeFileSync(join(at.home, 'scram.yaml'), 'scram: 1\ncomponents: {api: {name: API}}\n')
  writeFileSync(join(at.home, `${id}.yaml`), `scram: 1\nrunbook: ${id}\ntitle: ${id}\n${top}steps:\n${steps}`)
}

/** The record, as it is exported. */
export async function record(at: Machine): Promise<readonly Entry[]> {
  const {stdout} = await at.run(['timeline', 'export'])
  return stdout
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as Entry)
}

export const stepsOf = (entries: readonly Entry[], kind: string) => entries.filter(entry => entry.kind === kind).map(({data}) => data.step)
