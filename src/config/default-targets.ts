import {join} from 'node:path'
import type {Sections} from './opened-workspace.ts'

/** The page of a machine that has no workspace, or one without targets: in the home, if there is one. */
export function defaultTargets(home: string | null): Sections['targets'] {
  return home === null ? [] : [{id: 'home', kind: 'directory', path: join(home, 'page'), url: null}]
}
