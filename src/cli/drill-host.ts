import {dirname, join} from 'node:path'
import type {DrillHost} from '../actions/open-drill.ts'
import {makeDesk} from './desk.ts'
import {narrate} from './stdout.ts'

/**
 * What a drill needs of the command line. Its desk takes home and workspace from variables, and so do the children of its
 * steps: they are set for this process, which does nothing but this drill. Of the user's own incident nothing stays.
 */
export function drillHost(options: {readonly json: boolean}): DrillHost {
  // bin/run.cjs or bin/dev.js, by its full path: whatever started this process starts the others.
  const entry = process.argv[1] ?? ''
  return {
    self: [process.execPath, entry],
    runbooks: join(dirname(dirname(entry)), 'runbooks'),
    path: process.env['PATH'],
    openDesk(env) {
      delete process.env['SCRAM_INCIDENT']
      Object.assign(process.env, env)
      return makeDesk({...options, narrate})
    },
  }
}
