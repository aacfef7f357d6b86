import {userInfo} from 'node:os'
import {isAbsolute, join} from 'node:path'

type Env = Readonly<Record<string, string | undefined>>

/**
 * The folder of the record: $SCRAM_HOME, else $XDG_STATE_HOME/scram, else ~/.local/state/scram. Relative XDG values are
 * ignored, as their specification says. Null when none can be named (no HOME, no passwd entry): then scram works with
 * the emergency log alone.
 */
export function scramHome(env: Env): string | null {
  const named = env['SCRAM_HOME']
  if (named) return isAbsolute(named) ? named : join(process.cwd(), named)
  return userFolder(env, 'XDG_STATE_HOME', '.local/state')
}

/** The user's settings: $XDG_CONFIG_HOME/scram, else ~/.config/scram. */
export function configFolder(env: Env): string | null {
  return userFolder(env, 'XDG_CONFIG_HOME', '.config')
}

/** What may be removed at any time: $XDG_CACHE_HOME/scram, else ~/.cache/scram. bin/run.cjs spells it, too. */
export function cacheFolder(env: Env): string | null {
  return userFolder(env, 'XDG_CACHE_HOME', '.cache')
}

function userFolder(env: Env, variable: string, below: string): string | null {
  const base = env[variable]
  if (base && isAbsolute(base)) return join(base, 'scram')
  const home = homeFolder(env)
  return home === null ? null : join(home, below, 'scram')
}

/** `os.homedir()` throws without HOME and passwd entry, and is '' when HOME is empty. */
function homeFolder(env: Env): string | null {
  const home = env['HOME']
  if (home !== undefined) return isAbsolute(home) ? home : null
  try {
    return userInfo().homedir || null
  } catch {
    return null
  }
}

/** Who acts: $SCRAM_ACTOR, else the user file's, the login name, `uid:1000`. At most 64 characters, on one line. */
export function actorName(env: Env, inUserFile?: string): string {
  const named = env['SCRAM_ACTOR'] || inUserFile || env['USER'] || env['LOGNAME'] || loginName()
  return (
    named
      .replace(/[\s\p{Cc}]+/gu, ' ')
      .trim()
      .slice(0, 64) || 'unknown'
  )
}

function loginName(): string {
  try {
    return userInfo().username
  } catch {
    return `uid:${process.getuid?.() ?? 'unknown'}`
  }
}
