import {parseSource, type Source, type YamlPath} from '../../lib/yaml-source.ts'
import {byPlace, type Finding} from '../finding.ts'
import {schemaFindings, withoutExtras} from '../schema-findings.ts'
import {caseSchema, type RawCase, testSchema} from './test-schema.ts'

/** A test of a runbook, read and checked. */
export interface RunbookTest {
  /** As findings and failures call it. */
  readonly file: string
  readonly source: Source
  /** Id of the runbook. */
  readonly runbook: string
  readonly cases: readonly TestCase[]
}

export interface TestCase extends RawCase {
  /** Where it stands in the file. */
  readonly path: YamlPath
}

export type TestLoading = {readonly ok: true; readonly test: RunbookTest} | {readonly ok: false; readonly findings: readonly Finding[]}

/** Every finding with its place. Whether its steps exist is seen when it is run. Pure. */
export function loadTest(file: string, text: string): TestLoading {
  const parsed = parseSource(file, text)
  if (!parsed.ok) return {ok: false, findings: [{level: 'E', code: 'yaml', message: parsed.message, file, ...parsed.place}]}
  const {source} = parsed
  const top = testSchema.safeParse(withoutExtras(source.value))
  const findings: Finding[] = top.success ? [] : [...schemaFindings(source, [], 'a test', Object.keys(testSchema.shape), top.error.issues)]
  const written = (source.value as {cases?: unknown} | null)?.cases // anything: looked at before use
  const cases = (Array.isArray(written) ? (written as readonly unknown[]) : []).flatMap((given, index): readonly TestCase[] => {
    const path = ['cases', index]
    const checked = caseSchema.safeParse(withoutExtras(given))
    if (checked.success) return [{...checked.data, path}]
    const issues = checked.error.issues.map(issue => ({...issue, path: asWritten(given, issue.path)}))
    findings.push(...schemaFindings(source, path, 'a case', Object.keys(caseSchema.shape), issues))
    return []
  })
  if (!top.success || findings.length > 0) return {ok: false, findings: findings.toSorted(byPlace)}
  return {ok: true, test: {file, source, runbook: top.data.runbook, cases}}
}

/** A single fake was read as a list of one: its place has no index. */
function asWritten(value: unknown, path: readonly PropertyKey[]): PropertyKey[] {
  let at = value
  return path.filter(part => {
    if (typeof part === 'number' && !Array.isArray(at)) return false
    at = typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[part] : undefined // plain YAML values
    return true
  })
}
