/** oclif's cached command cut to what help and completion read (src/cli/manifest.ts), with the fields that are ours. */
export function manifestEntry(command, cached) {
  const declared = kind => ({...(kind === 'flags' && command.baseFlags), ...command[kind]})
  const {id, aliases, summary, description, hidden, examples, exits} = cached
  return plain({
    id,
    aliases,
    summary,
    description,
    hidden,
    takesRest: command.takesRest || undefined,
    examples,
    args: each(cached.args, ({name, description, required}) => ({name, description, required, ...ours(declared('args')[name])})),
    flags: each(cached.flags, ({name, char, type, summary, helpValue, multiple, required, hidden}) => ({name, char, type, summary, helpValue, multiple: multiple || undefined, required, hidden, ...ours(declared('flags')[name])})),
    exits,
  })
}

const ours = ({complete, values} = {}) => ({complete, values})
const each = (of, what) => Object.fromEntries(Object.entries(of).map(([name, value]) => [name, what(value)]))
const plain = value => JSON.parse(JSON.stringify(value))
