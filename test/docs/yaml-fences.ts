import {readFileSync} from 'node:fs'

/** The YAML of a page that stands for a workspace: fences that begin with `scram:` or with `rods:`, in their order. */
export function workspacesIn(file: string): readonly string[] {
  const fences = [...readFileSync(file, 'utf8').matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, body = '']) => body)
  return fences.flatMap(body => {
    if (/^scram:/m.test(body)) return [body]
    return /^rods:/m.test(body) ? [`scram: 1\n${body}`] : []
  })
}
