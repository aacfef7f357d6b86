import {resolve} from 'node:path'
import {pathToFileURL} from 'node:url'
import type {Json} from '../lib/canonical.ts'
import type {Finding} from './finding.ts'

/** Where the form is written down. */
const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json'

/** What relative addresses are relative to: where the tool was called. */
const BASE = 'PWD'

/**
 * SARIF 2.1.0, as code hosts and editors read it. Files below `folder`, an absolute path that those of the findings are relative
 * to, are relative to it as a named base; others are absolute, because `..` in an address means nothing to most readers.
 */
export function sarifOf(findings: readonly Finding[], version: string, folder: string): {readonly [key: string]: Json} {
  const codes = [...new Set(findings.map(({code}) => code))].sort()
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {driver: {name: 'scram', version, rules: codes.map(id => ({id}))}},
        originalUriBaseIds: {[BASE]: {uri: pathToFileURL(`${folder}/`).href}},
        columnKind: 'utf16CodeUnits',
        results: findings.map(({code, level, message, file, line, column}) => ({
          ruleId: code,
          ruleIndex: codes.indexOf(code),
          level: level === 'E' ? 'error' : 'warning',
          message: {text: message},
          locations: [{physicalLocation: {artifactLocation: locationOf(file, folder), region: {startLine: line, startColumn: column}}}],
        })),
      },
    ],
  }
}

function locationOf(file: string, folder: string): {readonly [key: string]: Json} {
  if (file.startsWith('/') || file.startsWith('../')) return {uri: pathToFileURL(resolve(folder, file)).href}
  return {uri: file.split('/').map(encodeURIComponent).join('/'), uriBaseId: BASE}
}
