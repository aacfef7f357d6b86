import type {Json} from '../lib/canonical.ts'
import type {Finding} from './finding.ts'

/** Where the form is written down. */
const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json'

/** SARIF 2.1.0, as code hosts and editors read it. Paths are relative to the workspace. */
export function sarifOf(findings: readonly Finding[], version: string): {readonly [key: string]: Json} {
  const codes = [...new Set(findings.map(({code}) => code))].sort()
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {driver: {name: 'scram', version, rules: codes.map(id => ({id}))}},
        columnKind: 'utf16CodeUnits',
        results: findings.map(({code, level, message, file, line, column}) => ({
          ruleId: code,
          ruleIndex: codes.indexOf(code),
          level: level === 'E' ? 'error' : 'warning',
          message: {text: message},
          locations: [{physicalLocation: {artifactLocation: {uri: uriOf(file)}, region: {startLine: line, startColumn: column}}}],
        })),
      },
    ],
  }
}

function uriOf(file: string): string {
  return file.split('/').map(encodeURIComponent).join('/')
}
