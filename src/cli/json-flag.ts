/**
 * `--json` before any `--`. Asked before anything is parsed, because errors of the parser need it; the base class and
 * `report` ask the same function. oclif's SCRAM_CONTENT_TYPE=json means the same.
 */
export function wantsJson(argv: readonly string[]): boolean {
  return before(argv).includes('--json') || process.env['SCRAM_CONTENT_TYPE']?.toLowerCase() === 'json'
}

/** `--help` or `-h` before any `--`. */
export function wantsHelp(argv: readonly string[]): boolean {
  return before(argv).some(word => word === '--help' || word === '-h')
}

function before(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--')
  return end < 0 ? argv : argv.slice(0, end)
}
