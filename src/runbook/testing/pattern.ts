/**
 * Names of instances in a test file: `patch[canary]/push`, `patch[*]/push`, `patch[*]/push/verify`; `*` inside a segment
 * stands for anything but `/`, and alone for everything.
 */
export const PATTERN = /^(?:\*|[a-z][a-z0-9_*]*(?:\[[A-Za-z0-9._:@*-]{1,64}\])?(?:\/[a-z*][a-z0-9_*]*(?:\[[A-Za-z0-9._:@*-]{1,64}\])?)*)$/

export function matches(pattern: string, instance: string): boolean {
  if (pattern === '*') return true
  const parts = pattern.split('*').map(part => part.replace(/[.[\]]/g, '\\$&'))
  return new RegExp(`^${parts.join('[^/]*')}$`).test(instance)
}

/** It, or a step inside it: `patch` covers `patch[canary]/push`. */
export function covers(pattern: string, instance: string): boolean {
  const parts = instance.split('/')
  return parts.some((part, at) => {
    const prefix = parts.slice(0, at)
    return matches(pattern, [...prefix, part].join('/')) || matches(pattern, [...prefix, part.replace(/\[.*\]$/, '')].join('/'))
  })
}

/** The most particular key that matches: the one with the fewest `*`, then the longest; `*` alone comes last. */
export function bestMatch(patterns: readonly string[], instance: string): string | null {
  const found = patterns.filter(pattern => matches(pattern, instance))
  const [best] = found.toSorted((a, b) => Number(a === '*') - Number(b === '*') || stars(a) - stars(b) || b.length - a.length)
  return best ?? null
}

function stars(pattern: string): number {
  return pattern.split('*').length - 1
}
