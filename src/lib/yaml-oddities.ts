import {type Document, isAlias, isCollection, isMap, isScalar, type Node, visit, type YAMLMap} from 'yaml'

export interface Oddity {
  readonly message: string
  readonly offset: number
}

/** Levels of values inside each other; the guard before parsing counts brackets and indentation apart. */
const DEEPEST = 64
const MOST_ALIASES = 50
/** The tags of plain YAML 1.2; `!!binary`, `!!set`, `!!timestamp` would make values that are no JSON. */
const PLAIN_TAG = /^tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq)$/

/**
 * What the format allows and a file of ours may not have: keys that are no plain text, `__proto__`, numbers that change or
 * overflow, tags, a value that holds itself, many aliases, directives (`%YAML 1.1` would turn `no` into false). The first
 * one found, with its place; undefined: none.
 */
export function oddityIn(document: Document): Oddity | undefined {
  const {directives} = document
  if (directives?.yaml.explicit || Object.keys(directives?.tags ?? {}).length > 1) return {message: 'a file of scram has no % directives', offset: 0}
  let odd: Oddity | undefined
  let aliases = 0
  const refuse = (node: unknown, message: string) => {
    odd = {message, offset: (node as Node | null)?.range?.[0] ?? 0}
    return visit.BREAK
  }
  visit(document, {
    Node(_, node, above) {
      // Pairs and the document are above it, too: what is no longer than the limit with them need not be counted without.
      if (above.length > DEEPEST && above.filter(isCollection).length > DEEPEST) return refuse(node, `nested more than ${DEEPEST} deep`)
      if (isAlias(node)) {
        if (++aliases > MOST_ALIASES) return refuse(node, `more than ${MOST_ALIASES} aliases`)
        const target = node.resolve(document)
        if (!target) return refuse(node, `there is no \`&${node.source}\` above`)
        return above.some(parent => parent === target) ? refuse(node, `\`*${node.source}\` stands inside itself`) : undefined
      }
      if (node.tag !== undefined && !PLAIN_TAG.test(node.tag)) return refuse(node, `the tag ${node.tag.slice(0, 60)} is not allowed`)
      if (isMap(node)) {
        const bad = badKey(node)
        return bad ? refuse(bad.key, bad.message) : undefined
      }
      if (isScalar(node) && typeof node.value === 'string' && !node.value.isWellFormed()) return refuse(node, 'this is half a character')
      if (isScalar(node) && typeof node.value === 'number') {
        if (!Number.isFinite(node.value)) return refuse(node, 'this is not a number that can be written down')
        if (Number.isInteger(node.value) && !Number.isSafeInteger(node.value)) return refuse(node, 'this number is too large to be exact; quote it')
      }
      return undefined
    },
  })
  return odd
}

/** By a set: the parser's own look for equal keys compares each with each, three seconds for 15,000 of them. */
function badKey({items}: YAMLMap): {readonly key: unknown; readonly message: string} | undefined {
  const seen = new Set<string>()
  for (const {key} of items) {
    if (!isScalar(key) || key.value === null) return {key, message: 'a key must be plain text'}
    const name = typeof key.value === 'string' ? key.value : JSON.stringify(key.value)
    if (name === '__proto__') return {key, message: '`__proto__` is not allowed as a key'}
    if (seen.has(name)) return {key, message: 'this key is in the same map already'}
    seen.add(name)
  }
  return undefined
}
