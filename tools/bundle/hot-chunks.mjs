// What a durable write needs lies in one file instead of thirty: each file costs a start its look-up, and a write is what
// people wait for. Followed from these doors, static imports only; what the entry needs itself comes first.
const DOORS = {
  start: /src\/entry\.ts$/,
  write: /src\/(?:commands\/incident\/note|cli\/command-config|cli\/used-incident|cli\/reminders|journal\/open-journal)\.ts$/,
}

export function hotChunks() {
  const imports = new Map()
  const plugin = {
    name: 'hot-chunks',
    moduleParsed({id, importedIds}) {
      imports.set(id, importedIds)
    },
  }
  const groups = Object.entries(DOORS).map(([name, doors], i, all) => {
    let found
    return {name, priority: all.length - i, test: id => (found ??= reachable(doors, imports)).has(id)}
  })
  return {plugin, groups}
}

function reachable(doors, imports) {
  const found = new Set()
  const next = [...imports.keys()].filter(id => doors.test(id))
  for (let id = next.pop(); id !== undefined; id = next.pop()) {
    if (found.has(id)) continue
    found.add(id)
    next.push(...(imports.get(id) ?? []))
  }
  return found
}
