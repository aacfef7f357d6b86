import {Config} from '@oclif/core/config'
import {baked} from './manifest.ts'

/**
 * What oclif's `Command` needs of a Config, filled by hand from what the build baked in; `load()` (package.json, plugins,
 * theme, shell detection: 0.3 × a bare start) is never called. Private parts of oclif: this is why it is pinned.
 */
class BakedConfig extends Config {
  override async runHook(): Promise<{successes: []; failures: []}> {
    return {successes: [], failures: []}
  }
}

export function commandConfig(): Config {
  const {version, root, pjson} = baked()
  const config = new BakedConfig({root})
  Object.assign(config, {
    bin: 'scram', name: 'scram', dirname: 'scram', version, pjson, root, topicSeparator: ' ', platform: process.platform, arch: process.arch,
    userAgent: `scram/${version}`, valid: true, plugins: new Map(),
  }) // biome-ignore format: one look
  Config.load = async () => config
  return config
}
