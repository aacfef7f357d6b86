import type {ASTNode} from '@marcbachmann/cel-js'

/** What CEL may use here: nothing that can hang (`matches`), hide (`bind`) or grow without bound. */
const FUNCTIONS: ReadonlySet<string> = new Set([
  'has', 'size', 'startsWith', 'endsWith', 'contains', 'lowerAscii', 'upperAscii', 'trim', 'indexOf', 'lastIndexOf', 'substring', 'split', 'join',
  'string', 'int', 'double', 'bool', 'timestamp', 'duration', 'getHours', 'getMinutes', 'getSeconds', 'getMilliseconds', 'getDayOfWeek', 'getFullYear',
  'getMonth', 'getDate', 'all', 'exists', 'exists_one', 'map', 'filter',
]) // biome-ignore format: a list to read, not a column
const MACROS: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter'])
/** Six macros deep over ten items took 1.7 s (runbooks.md); two are plenty. */
const DEEPEST_MACRO = 2
export const LONGEST_SOURCE = 512

export interface Trespass {
  readonly message: string
  readonly offset: number
}

/** The first thing an expression may not do, or null. Walks what the parser has bounded already (200 nodes, 16 deep). */
export function trespass(ast: ASTNode): Trespass | null {
  return walk(ast, 0)
}

function walk(node: ASTNode, macros: number): Trespass | null {
  let inside = macros
  if (node.op === 'call' || node.op === 'rcall') {
    const name = node.args[0]
    if (name === 'matches') return {message: '`matches` is not allowed (it can hang); use startsWith, contains or `==`', offset: node.start}
    if (!FUNCTIONS.has(name)) return {message: `\`${name}\` is not allowed in an expression`, offset: node.start}
    if (MACROS.has(name) && node.op === 'rcall' && ++inside > DEEPEST_MACRO) {
      return {message: `\`${name}\` stands inside ${DEEPEST_MACRO} others; at most ${DEEPEST_MACRO} may be nested`, offset: node.start}
    }
  }
  for (const child of children(node)) {
    const found = walk(child, inside)
    if (found) return found
  }
  return null
}

/** Every node below this one, whatever the operator: arguments are nodes, names, values, or lists of these. */
export function children(node: ASTNode): readonly ASTNode[] {
  const found: ASTNode[] = []
  const take = (value: unknown) => {
    if (Array.isArray(value)) for (const each of value) take(each)
    else if (typeof value === 'object' && value !== null && 'op' in value) found.push(value as ASTNode) // the parser's own nodes
  }
  if (node.op !== 'value') take(node.args)
  return found
}

/** `steps.probe.ok` → ['steps', 'probe', 'ok']; null for anything but plain dots from a name. */
export function dotted(node: ASTNode): readonly string[] | null {
  if (node.op === 'id') return [node.args]
  if (node.op !== '.') return null
  const before = dotted(node.args[0])
  return before && [...before, node.args[1]]
}
