import {isFreeWord} from './schema-scalars.ts'
import type {RawNode, RawUndo} from './step-schema.ts'
import {parseTemplate} from './template.ts'

/** An id made of words: those of a name, or of what a step does. */
export function slug(text: string): string {
  const words = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[_0-9]+|_+$/g, '')
  const id = words.slice(0, 35).replace(/_+$/, '')
  return id === '' ? 'step' : isFreeWord(id) ? id : `${id}_step`
}

/** What a step without a name is called: what it does. */
export function ownWords(raw: Exclude<RawNode, {kind: 'steps' | 'parallel'}> | RawUndo): string {
  switch (raw.kind) {
    case 'uses':
      return raw.uses
    case 'run':
      return typeof raw.run === 'string' ? firstLine(raw.run, 'run') : raw.run.join(' ')
    case 'manual':
      return firstLine(raw.manual, 'manual')
    case 'wait':
      return `wait ${raw.wait}`
    case 'wait_until':
      return `wait until ${raw.wait_until}`
    case 'call':
      return raw.call
    default:
      return raw satisfies never
  }
}

/** A name is a template too: a line that ends inside `${{ }}` is none. */
function firstLine(text: string, otherwise: string): string {
  const line = text.split('\n').find(one => one.trim() !== '') ?? otherwise
  try {
    parseTemplate(line)
    return line
  } catch {
    return otherwise
  }
}
