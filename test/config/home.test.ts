import {execFileSync} from 'node:child_process'
import {join} from 'node:path'
import {describe, expect, it} from '@jest/globals'
import {actorName, configFolder, scramHome} from '../../src/config/home.ts'

describe('the home', () => {
  it.each([
    [{SCRAM_HOME: '/srv/scram', XDG_STATE_HOME: '/state', HOME: '/home/u'}, '/srv/scram'],
    [{SCRAM_HOME: 'here', HOME: '/home/u'}, join(process.cwd(), 'here')],
    [{SCRAM_HOME: '', XDG_STATE_HOME: '/state', HOME: '/home/u'}, '/state/scram'],
    [{XDG_STATE_HOME: 'relative', HOME: '/home/u'}, '/home/u/.local/state/scram'],
    [{HOME: '/'}, '/.local/state/scram'],
    [{HOME: ''}, null],
    [{HOME: 'relative'}, null],
  ])('%j → %s', (env, home) => {
    expect(scramHome(env)).toBe(home)
  })

  it('of the settings', () => {
    expect(configFolder({XDG_CONFIG_HOME: '/c', HOME: '/home/u'})).toBe('/c/scram')
    expect(configFolder({HOME: '/home/u'})).toBe('/home/u/.config/scram')
    expect(configFolder({HOME: ''})).toBeNull()
  })

  it('is none, and the actor a number, for a user without passwd entry', () => {
    const script = `import('${new URL('../../src/config/home.ts', import.meta.url).href}').then(({scramHome, actorName}) => console.log(JSON.stringify([scramHome({}), actorName({})])))`
    const node = [process.execPath, '--disable-warning=ExperimentalWarning', '-e', script]
    if (process.getuid?.() !== 0) return console.warn('skipped: only root can become a user without passwd entry')
    const said = execFileSync('setpriv', ['--reuid=12345', '--regid=12345', '--clear-groups', '--', ...node], {
      encoding: 'utf8',
      env: {PATH: process.env['PATH']},
    })
    expect(JSON.parse(said)).toEqual([null, 'uid:12345'])
  })
})

describe('the actor', () => {
  it.each([
    [{SCRAM_ACTOR: 'Ada Lovelace', USER: 'ada'}, 'Grace', 'Ada Lovelace'],
    [{USER: 'ada'}, 'Grace', 'Grace'],
    [{SCRAM_ACTOR: '', USER: 'ada'}, undefined, 'ada'],
    [{SCRAM_ACTOR: ' a\n\u001b[31mb '}, undefined, 'a [31mb'],
    [{SCRAM_ACTOR: 'x'.repeat(100)}, undefined, 'x'.repeat(64)],
    [{SCRAM_ACTOR: '\n'}, undefined, 'unknown'],
  ])('%j, user file %s → %s', (env, named, name) => {
    expect(actorName(env, named)).toBe(name)
  })
})
