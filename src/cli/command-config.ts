import type {Config} from '@oclif/core/config'

/**
 * All that oclif's `Command` asks of a Config when it parses argv. The real one reads package.json, plugins, theme and
 * shell on every start: 0.3 × a bare start. No hook runs. A private matter of oclif: this is why it is pinned exactly.
 */
export function commandConfig(): Config {
  const config = {bin: 'scram', name: 'scram', topicSeparator: ' ', runHook: async () => ({successes: [], failures: []})}
  return config as Partial<Config> as Config // the rest is never asked for; test/cli/traps.test.ts runs every path
}
