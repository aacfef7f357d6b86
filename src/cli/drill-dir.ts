import {flags} from './flags.ts'

/** Which drill is meant, for what is asked from a second terminal. */
export const drillFlags = {
  dir: flags.string({helpValue: 'DIR', summary: 'folder of the drill [default: $SCRAM_DRILL, else the newest]'}),
}

/** Undefined: the newest, which the action finds. */
export function drillFolder({dir}: {readonly dir?: string | undefined}): string | undefined {
  return dir ?? (process.env['SCRAM_DRILL'] || undefined)
}
