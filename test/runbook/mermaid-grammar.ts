/**
 * The part of Mermaid's flowchart syntax that we write, and nothing beside it: every line must be one of these forms, every
 * edge must join nodes that exist, every subgraph must end. Stricter than Mermaid itself, which takes much that was never meant.
 */
const LABEL = String.raw`"[^"'\x60;#:|<>\\%(){}\[\]\p{Cc}\p{Cf}]+(?:<br/>[^"'\x60;#:|<>\\%(){}\[\]\p{Cc}\p{Cf}]+)*"`
const NODE = new RegExp(String.raw`^ +(n\d+)(?:\[${LABEL}\]|\{\{${LABEL}\}\})(?::::(\w+))?$`, 'u')
const SUBGRAPH = new RegExp(String.raw`^ +subgraph (n\d+)\[${LABEL}\]$`, 'u')
const EDGE = new RegExp(String.raw`^  (n\d+) (?:-->|-\.->)(?:\|${LABEL}\|)? (n\d+)$`, 'u')
const CLASS = /^ {2}classDef (\w+) [a-z-]+:[#\w ]+(?:,[a-z-]+:[#\w ]+)*$/

/** What is wrong with a flowchart, line by line; empty: nothing. */
export function mermaidProblems([first, ...lines]: readonly string[]): readonly string[] {
  const problems = first === 'flowchart TD' ? [] : [`begins with ${first}`]
  const nodes = new Set<string>()
  const classes = new Set(lines.flatMap(line => CLASS.exec(line)?.[1] ?? []))
  let open = 0
  for (const line of lines) {
    const node = NODE.exec(line)
    const box = SUBGRAPH.exec(line)
    const edge = EDGE.exec(line)
    const id = node?.[1] ?? box?.[1]
    if (id !== undefined && nodes.has(id)) problems.push(`twice: ${line}`)
    if (id !== undefined) nodes.add(id)
    if (box) open++
    else if (/^ +end$/.test(line)) open--
    else if (edge) problems.push(...edge.slice(1).flatMap(end => (end !== undefined && nodes.has(end) ? [] : [`no ${end}: ${line}`])))
    else if (!node && !CLASS.test(line)) problems.push(`not Mermaid: ${line}`)
    if (node?.[2] !== undefined && !classes.has(node[2])) problems.push(`no class: ${line}`)
    if (open < 0) problems.push(`ends nothing: ${line}`)
  }
  return open === 0 ? problems : [...problems, `${open} subgraphs do not end`]
}
