// Modules that @oclif/core requires at its top and seldom uses: in the bundle each becomes a proxy that requires it at
// first use. Which ones, and what it saves, is measured by bench/startup.mjs.
import {isBuiltin} from 'node:module'
import {join} from 'node:path'

const PACKAGES = ['ejs', 'tinyglobby', 'minimatch', 'lilconfig', 'semver', 'wrap-ansi', 'string-width', 'widest-line', 'wordwrap', 'indent-string', 'clean-stack', 'ansi-escapes', 'ansis', 'cli-spinners', 'supports-color']
const OCLIF = /@oclif\/core\/lib\/(?:help\/(?!index)[\w-]+|ux\/(?:list|table|colorize-json|supports-color|action\/[\w-]+)|util\/(?:read-tsconfig|read-pjson|find-root)|config\/(?:ts-path|plugin|plugin-loader)|parser\/help|screen|module-loader|performance|flush)\.js$/
const BUILTINS = ['child_process', 'readline', 'perf_hooks', 'fs/promises', 'net', 'tty']
const LAZY = '\0lazy:'

/** `isWsl` is asked on every start and pulls in four builtins; the real `debug` prints argv with secrets under DEBUG=*. */
export function stubs(root) {
  return {'wsl-utils': join(root, 'tools/bundle/wsl-utils.cjs'), debug: join(root, 'tools/bundle/debug.cjs')}
}

/** Statements at the top of oclif's files that touch process.stdout or stderr, and so load `tty` or `net` on every start. */
const TOUCHING = [
  {file: '@oclif/core/lib/command.js', statement: /process\.stdout\.on\('error', \(err\) => \{[\s\S]*?\n\}\);/, instead: ''},
  {file: '@oclif/core/lib/ux/index.js', statement: /Boolean\(process\.stderr\.isTTY\)/, instead: 'false'},
]

export function lazyModules() {
  return {
    name: 'lazy-modules',
    async resolveId(source, importer, options) {
      if (!importer || importer.startsWith(LAZY) || !importer.includes('/@oclif/core/')) return null
      if (isBuiltin(source)) return BUILTINS.includes(source.replace('node:', '')) ? `${LAZY}${source}` : null
      const isPackage = PACKAGES.includes(source)
      if (!isPackage && !source.startsWith('.')) return null
      const resolved = await this.resolve(source, importer, {...options, skipSelf: true})
      if (!resolved) return null
      return isPackage || OCLIF.test(resolved.id) ? `${LAZY}${resolved.id}` : null
    },
    load(id) {
      return id.startsWith(LAZY) ? proxyOf(id.slice(LAZY.length)) : null
    },
    transform(code, id) {
      const found = TOUCHING.find(({file}) => id.endsWith(file))
      if (!found) return null
      if (!found.statement.test(code)) throw new Error(`${found.file} no longer has the statement that is taken out: look at it before raising @oclif/core`)
      return code.replace(found.statement, found.instead)
    },
  }
}

/**
 * oclif's interop helper asks for `__esModule` at once: answered without loading (true: `default` and names are used as
 * they are). The target is a function, so that calls and `new` get through; its own keys are never asked for.
 */
function proxyOf(target) {
  const isEsModule = isBuiltin(target) || target.includes('/@oclif/')
  return `let loaded
const load = () => (loaded ??= require(${JSON.stringify(target)}))
module.exports = new Proxy(function () {}, {
  get: (_, key) => (key === '__esModule' ? ${isEsModule} : load()[key]),
  has: (_, key) => key in load(),
  apply: (_, self, args) => Reflect.apply(load(), self, args),
  construct: (_, args) => Reflect.construct(load(), args),
})`
}
