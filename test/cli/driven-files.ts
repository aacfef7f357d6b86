import {chmod, mkdtemp, readFile, rm, stat, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {DrivenRod} from './driven-rods.ts'

const SCRIPT = `#!/bin/sh
cd FOLDER || exit 99
mood=$(cat mood)
if [ "$mood" = refusing ]; then
  echo "$(printf %s "$ROD_TOKEN" | base64) who is $ROD_TOKEN?" >&2
  exit 77
fi
case $1 in
  set)
    echo "$2" >> writes
    [ "$mood" = well ] && echo "$2" > state
    exit 0 ;;
  *) if [ "$mood" = 'and reads as if it had' ] && [ -s writes ]; then tail -n 1 writes; else cat state; fi ;;
esac
`

export async function command(): Promise<DrivenRod> {
  const at = await scratch({'rod.sh': SCRIPT, mood: 'well', state: 'withdrawn\n', writes: ''})
  return {
    driver: 'command',
    with: {set: [at.path('rod.sh'), 'set', '{position}'], read: [at.path('rod.sh'), 'state'], secrets: {ROD_TOKEN: 'env:ROD_TOKEN'}},
    effect: async () => (await at.text('state')).trim(),
    writes: () => at.lines('writes'),
    lie: how => at.put('mood', how),
    refuse: () => at.put('mood', 'refusing'),
    close: at.remove,
  }
}

/** Nobody stands between a flag file on this machine and the rod: it cannot lie, and every move shows in its inode. */
export async function file(): Promise<DrivenRod> {
  const at = await scratch({})
  const signature = () => stat(at.path('flag')).then(({ino, ctimeMs}) => `${ino} ${ctimeMs}`, () => 'absent') // biome-ignore format: one line
  let last = 'absent'
  let moves = 0
  return {
    driver: 'file',
    with: {path: at.path('flag')},
    effect: async () => ((await signature()) === 'absent' ? 'withdrawn' : 'shut'),
    async writes() {
      const before = last
      last = await signature()
      if (last !== before) moves += 1
      return moves
    },
    lie: () => Promise.reject(new Error('a file on this machine cannot lie')),
    close: at.remove,
  }
}

/** Says yes to a question about the flag as it was last told to make it. */
const REMOTE = `#!/bin/sh
cd FOLDER || exit 99
case "$(cat mood) $*" in
  *' touch '*|*' rm '*)
    echo "$1" >> writes
    [ "$(cat mood)" = well ] || exit 0 ;;
  'and reads as if it had test -f '*) [ "$(tail -n 1 writes)" = touch ] && exit 0 ;;
  'and reads as if it had '*' ! -e '*) [ "$(tail -n 1 writes)" = touch ] && exit 1 ;;
esac
exec "$@"
`

export async function through(): Promise<DrivenRod> {
  const at = await scratch({'remote.sh': REMOTE, mood: 'well', writes: ''})
  return {
    driver: 'file',
    with: {path: at.path('flag'), through: [at.path('remote.sh')]},
    effect: () => stat(at.path('flag')).then(() => 'shut', () => 'withdrawn'), // biome-ignore format: one line
    writes: () => at.lines('writes'),
    lie: how => at.put('mood', how),
    close: at.remove,
  }
}

/** A folder of programs and what they keep. */
async function scratch(files: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), 'rod-'))
  const path = (name: string) => join(folder, name)
  const put = (name: string, text: string) => writeFile(path(name), text.replaceAll('FOLDER', folder))
  for (const [name, text] of Object.entries(files)) {
    await put(name, text)
    if (name.endsWith('.sh')) await chmod(path(name), 0o755)
  }
  const text = (name: string) => readFile(path(name), 'utf8')
  return {path, put, text, lines: async (name: string) => (await text(name)).split('\n').length - 1, remove: () => rm(folder, {recursive: true})}
}
