import {Config} from '@oclif/core/config'
import {packageRoot} from './package-root.ts'

/**
 * What oclif's `Command` needs of a Config, filled by hand; `load()` (package.json, plugins, theme, shell detection: 0.3 ×
 * a bare start) is never called. Private parts of oclif: this is why it is pinned exactly.
 */
class BakedConfig extends Config {
  override async runHook(): Promise<{successes: []; failures: []}> {
    return {successes: [], failures: []}
  }
}

export function commandConfig(version: string): Config {
  const root = packageRoot()
  const {platform, arch} = process
  const config = new BakedConfig({root})
  const names = {bin: 'scram', name: 'scram', dirname: 'scram', topicSeparator: ' ' as const}
  Object.assign(config, {...names, version, root, platform, arch, userAgent: `scram/${version}`, pjson: {name: 'scram', version, oclif: names}, valid: true})
  Config.load = async () => config // `Command.run` would load a second one
  return config
}
