/**
 * The rules between rooms (docs/architecture.md), for dependency-cruiser. Each comment says what to do instead. run.mjs
 * plants a trespass against every kind of rule and fails when it is not found.
 */
const room = name => `^src/${name}/`
const anyOf = (...names) => room(`(${names.join('|')})`)
const SIBLINGS = ['journal', 'page', 'postmortem', 'runbook', 'rods', 'drill']
const CORE = ['incident', 'lib']
const ROOMS = ['actions', 'cli', 'commands', 'config', 'incident', ...SIBLINGS]

const rule = (name, comment, from, to) => ({name, comment, severity: 'error', from, to})

module.exports = {
  forbidden: [
    rule(
      'lib-knows-no-room',
      'lib never heard of an incident: move the code into the room that needs it, or hand lib a value.',
      {path: room('lib')},
      {path: anyOf(...ROOMS)},
    ),
    rule(
      'incident-imports-lib-only',
      'The core is pure: take a plain value as a parameter, or let the action ask the room.',
      {path: room('incident')},
      {path: anyOf(...ROOMS.filter(name => name !== 'incident'))},
    ),
    rule(
      'incident-reaches-no-core',
      'The core must not reach Node: clock, ids and randomness are handed in by the desk.',
      {path: room('incident')},
      {path: '^[a-z0-9_:/]+$', reachable: true},
    ),
    rule(
      'incident-reaches-no-npm',
      'The core must not reach npm: move what needs the package to a room behind a port.',
      {path: room('incident')},
      {path: 'node_modules', reachable: true},
    ),
    ...SIBLINGS.map(name =>
      rule(
        `${name}-is-alone`,
        `${name} may import incident and lib only: let the action pass the value, or a port in incident or lib.`,
        {path: room(name)},
        {path: anyOf(...ROOMS.filter(other => other !== name && !CORE.includes(other)))},
      ),
    ),
    rule(
      'config-reads-schemas-only',
      'config imports lib and the schema.ts of a room: put the section of scram.yaml there.',
      {path: room('config')},
      {path: anyOf(...ROOMS.filter(name => name !== 'config')), pathNot: '/schema\\.ts$|src/incident/words\\.ts$'},
    ),
    rule(
      'only-cli-reads-config',
      'Take it from the desk: cli/desk.ts is the one place that turns files and environment into values.',
      {path: '^src/', pathNot: [room('cli'), room('config'), 'json-schemas']},
      {path: room('config')},
    ),
    rule(
      'driver-knows-no-driver',
      'What two drivers share lives beside the rod port (src/rods/), not in one of them.',
      {path: `${room('rods')}drivers/([^/]+)\\.ts$`},
      {path: `${room('rods')}drivers/`, pathNot: 'drivers/$2\\.ts$'},
    ),
    rule(
      'actions-open-through-ports',
      'Ask the desk: stores and drivers are opened by registries and cli/desk.ts.',
      {path: room('actions')},
      {path: ['src/journal/(sqlite|memory|open|local)[^/]*\\.ts$', 'src/rods/drivers/'], dependencyTypesNot: ['type-only']},
    ),
    rule(
      'runbook-is-given-perform',
      'The engine is handed `perform`; the table of actions names what it may call.',
      {path: room('runbook')},
      {path: room('actions')},
    ),
    rule(
      'commands-go-through-actions',
      'A command is argv → one action → one view: reading is an action too.',
      {path: room('commands')},
      {path: '^src/', pathNot: [anyOf('commands', 'actions', 'cli'), 'src/lib/(fault|ids)\\.ts$']},
    ),
    rule(
      'nobody-imports-commands',
      'Commands are loaded by the generated loaders only: what they share is an action or a part of cli.',
      {pathNot: ['src/loaders\\.ts$', room('commands')]},
      {path: room('commands')},
    ),
    rule(
      'nobody-imports-cli',
      'Return a value or take a parameter: only commands and the entry know the command line.',
      {pathNot: [anyOf('cli', 'commands'), 'src/(entry|loaders|manifest|names)\\.ts$']},
      {path: room('cli')},
    ),
    rule(
      'terminal-packages-in-cli',
      'Only cli, commands and the entry touch oclif, inquirer and ora: ask through the desk.',
      {path: '^src/', pathNot: [anyOf('cli', 'commands'), 'src/entry\\.ts$']},
      {path: 'node_modules/(@oclif|inquirer|@inquirer|ora)/'},
    ),
    rule(
      'no-cycle',
      'Two files that need each other are one file, or a third holds what both use.',
      {},
      {circular: true, viaOnly: {dependencyTypesNot: ['type-only']}},
    ),
    rule('no-orphan', 'Nothing imports it: delete it, or load it from its registry.', {orphan: true, pathNot: ['\\.d\\.ts$', 'src/commands/']}, {}),
    rule(
      'no-test-in-src',
      'Tests live in test/, mirrored; a fake that is needed in src is an implementation of the port.',
      {path: '^src/'},
      {path: ['^test/', '\\.test\\.ts$', 'node_modules/(@?jest|fast-check)']},
    ),
    rule('resolvable', 'The import leads nowhere.', {}, {couldNotResolve: true}),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: {fileName: 'tsconfig.json'},
    doNotFollow: {path: 'node_modules'},
    enhancedResolveOptions: {exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default']},
  },
}
