// docs/reference/drivers.md, from what each driver of the registry says of itself: `summary`, `can`, the descriptions of `options`.
import {z} from 'zod'

const CAN = {
  named: 'names as positions',
  percent: 'a share',
  rate: 'a rate',
  cas: 'sets only what nobody moved meanwhile',
  ttl: 'the target can let go by itself (`on_expiry: release`)',
  survivesRestart: 'a restart of the target keeps the position',
}
/** Deeper than this an option is a body or a document of its own. */
const DEEPEST = 3

export async function driversPage(drivers) {
  const names = Object.keys(drivers)
  const modules = await Promise.all(names.map(name => drivers[name]()))
  return [
    '# Rod drivers',
    '',
    'Printed from the drivers themselves. `driver:` names one, `with:` holds its options; a key that is not listed is an error. What a',
    'driver can at most stands in the table; how a rod is set up may allow less. [Rods](../guide/rods.md) shows how to use them.',
    '',
    `| driver | ${Object.keys(CAN).join(' | ')} |`,
    `| --- | ${Object.keys(CAN)
      .map(() => '---')
      .join(' | ')} |`,
    ...modules.map(
      ({can}, i) =>
        `| [${names[i]}](#${names[i]}) | ${Object.keys(CAN)
          .map(key => (can[key] ? 'yes' : ''))
          .join(' | ')} |`,
    ),
    '',
    ...Object.entries(CAN).map(([key, meaning]) => `- \`${key}\`: ${meaning}`),
    '',
    ...modules.flatMap((module, i) => section(names[i], module)),
  ].join('\n')
}

function section(name, {summary, options}) {
  const schema = z.toJSONSchema(options, {io: 'input', unrepresentable: 'any'})
  return [`## ${name}`, '', `${upperFirst(summary)}.`, '', '| option | type | meaning |', '| --- | --- | --- |', ...rowsOf(schema, '', 1), '']
}

function rowsOf({properties = {}, required = []}, above, depth) {
  return Object.entries(properties).flatMap(([key, schema]) => {
    const name = `${above}${key}`
    const meaning = [schema.description, required.includes(key) && 'required', isTold(schema.default) && `default \`${JSON.stringify(schema.default)}\``]
    const row = `| \`${name}\` | ${cell(typeOf(schema))} | ${cell(meaning.filter(Boolean).join('; '))} |`
    return [row, ...(depth < DEEPEST ? rowsOf(schema, `${name}.`, depth + 1) : [])]
  })
}

function typeOf(schema) {
  if (schema.enum) return schema.enum.map(value => `\`${value}\``).join(' or ')
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeOf))].join(' or ')
  if (schema.prefixItems || schema.type === 'array') return `list of ${typeOf(schema.prefixItems?.[0] ?? schema.items ?? {})}`
  if (schema.type === 'object' && schema.properties) return 'map'
  if (schema.type === 'object') return `map of ${typeOf(schema.additionalProperties ?? {})}`
  return typeof schema.type === 'string' ? schema.type : 'any JSON'
}

/** That a map which may be left out is then empty goes without saying. */
const isTold = value => value !== undefined && JSON.stringify(value) !== '{}'
const cell = text => text.replaceAll('|', '\\|')
const upperFirst = text => text[0].toUpperCase() + text.slice(1)
