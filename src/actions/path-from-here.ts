import {relative, resolve} from 'node:path'

/** A path of the workspace as it is opened from where the person stands: messages show this one, the record keeps the other. */
export function pathFromHere(folder: string, path: string): string {
  return relative(process.cwd(), resolve(folder, path))
}
