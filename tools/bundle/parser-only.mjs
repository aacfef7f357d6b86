// Of oclif the bundle holds what parses argv. Its configuration, plugins, help, colours and terminal output are required at
// the top of that and never used here (src/cli dispatches, prints and reports): each becomes a module that throws when it is
// touched, and test/cli/traps.test.ts walks every path. It saves 240 KB, six builtins and 0.4 × a bare start.
import {join} from 'node:path'

const NEEDED = /@oclif\/core\/lib\/(?:command|cache|logger|flags|args|settings|parser\/(?:index|parse|validate|errors)|util\/(?:util|aggregate-flags|ids)|errors\/(?:index|error|exit|warn|errors\/[\w-]+))\.js$/
/** Light enough, or there anyway. `readline` is not among them: oclif would read a missing argument from stdin. */
const BUILTINS = new Set(['node:fs', 'node:os', 'node:path', 'node:url', 'node:util'])
/** Used for words in messages that `src/cli/usage-fault.ts` says differently. */
const REPLACED = [
  [/lib\/ux\/list\.js$/, `exports.__esModule = true; exports.default = () => ''`],
  [/lib\/ux\/theme\.js$/, `exports.__esModule = true; exports.colorize = (_color, text) => text`],
]
/** At the top of oclif's command.js; it would load `tty` or `net` on every start, and throws what it hears. */
const STDOUT_LISTENER = /process\.stdout\.on\('error', \(err\) => \{[\s\S]*?\n\}\);/
const LEFT_OUT = '\0left-out:'

/** The real `debug` prints argv, secrets included, under DEBUG=*. */
export function aliases(root) {
  return {debug: join(root, 'tools/bundle/debug.cjs')}
}

export function parserOnly() {
  return {
    name: 'parser-only',
    async resolveId(source, importer, options) {
      if (!importer?.includes('/@oclif/core/') || source === 'debug' || source === '@oclif/core/package.json') return null
      if (BUILTINS.has(source)) return null
      const resolved = source.startsWith('.') ? await this.resolve(source, importer, {...options, skipSelf: true}) : null
      if (resolved && (NEEDED.test(resolved.id) || REPLACED.some(([file]) => file.test(resolved.id)))) return null
      return `${LEFT_OUT}${resolved ? resolved.id.replace(/^.*\/lib\//, '') : source}`
    },
    load(id) {
      return id.startsWith(LEFT_OUT) ? throwing(id.slice(LEFT_OUT.length)) : null
    },
    transform(code, id) {
      const [, instead] = REPLACED.find(([file]) => id.includes('/@oclif/core/') && file.test(id)) ?? []
      if (instead) return instead
      if (!id.endsWith('@oclif/core/lib/command.js')) return null
      if (!STDOUT_LISTENER.test(code)) throw new Error('@oclif/core/lib/command.js has changed: look at what it does with stdout before raising it')
      return code.replace(STDOUT_LISTENER, '')
    },
  }
}

/** oclif's interop helper asks for `__esModule` at once; anything else is a use that nobody foresaw. */
function throwing(name) {
  return `module.exports = new Proxy(function () {}, {
  get(_, key) {
    if (key === '__esModule') return true
    throw new Error(\`${name} (\${String(key)}) is not in the bundle: tools/bundle/parser-only.mjs\`)
  },
})`
}
