import type {Json} from '../lib/canonical.ts'
import type {ForEach} from './runbook.ts'
import {isTemplated, parseTemplate, Unclosed} from './template.ts'

export type ItemType = 'string' | 'int' | 'double' | 'bool' | 'dyn'

/** The type `item` has in a loop; `dyn` when only the run will tell (CEL, or an item that is one `${{ }}`). */
export function itemType(forEach: ForEach): ItemType {
  if ('cel' in forEach) return 'dyn'
  const types = new Set(forEach.items.map(typeOf))
  const [only] = types
  if (types.size === 1 && only !== undefined) return only
  return types.size === 2 && types.has('int') && types.has('double') ? 'double' : 'dyn'
}

/** An item as a part of an instance's name, and in words for people. */
export function itemText(item: Json): string {
  return typeof item === 'string' ? item : JSON.stringify(item)
}

function typeOf(item: unknown): ItemType {
  if (typeof item === 'boolean') return 'bool'
  if (typeof item === 'number') return Number.isInteger(item) ? 'int' : 'double'
  return typeof item !== 'string' || (isTemplated(item) && isSole(item)) ? 'dyn' : 'string'
}

function isSole(text: string): boolean {
  try {
    return parseTemplate(text).sole !== null
  } catch (error) {
    if (error instanceof Unclosed) return false // lint says so
    throw error
  }
}
