import {spawn} from 'node:child_process'
import {watch} from 'node:fs'
import {mkdtemp, readFile, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect, it} from '@jest/globals'
import {buildPage} from '../../src/page/build.ts'
import {MANIFEST} from '../../src/page/manifest.ts'
import {publishToDirectory} from '../../src/page/targets/directory.ts'
import {model, routing, slowDashboard} from './record.ts'

const KILLS = 12
const build = (revision: number) => buildPage(model([routing(), slowDashboard()], {revision}))

it('a publisher killed at any moment leaves whole files, never an older page, and nothing to repair', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'page-killed-'))
  const path = join(folder, 'www')
  let last = 0
  try {
    for (let kill = 0; kill < KILLS; kill++) {
      await publishAndDie(path, last + 1, kill % 4)
      const index = await shownBy(path, 'index.html', /data-revision="(\d+)"/)
      const json = await shownBy(path, 'api/v2/status.json', /"revision":(\d+)/)
      const claimed = await shownBy(path, MANIFEST, /"revision":(\d+)/)
      expect(index).toBeGreaterThanOrEqual(last)
      expect([json - index, claimed - index].every(ahead => ahead === 0 || ahead === 1)).toBe(true)
      for (const [name, content] of build(index)) {
        const found = await readFile(join(path, name), 'utf8')
        if (name !== MANIFEST) expect([name, [content, build(index + 1).get(name)].includes(found)]).toEqual([name, true])
      }
      last = claimed
      if (claimed > 1) expect(await publishToDirectory(build(claimed - 1), {path, revision: claimed - 1})).not.toMatchObject({result: 'published'})
      expect(await publishToDirectory(build(claimed), {path, revision: claimed})).toMatchObject({published: true})
      for (const [name, content] of build(claimed)) expect([name, await readFile(join(path, name), 'utf8')]).toEqual([name, content])
    }
  } finally {
    await rm(folder, {recursive: true, force: true})
  }
}, 60_000)

async function publishAndDie(path: string, first: number, afterMs: number): Promise<void> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'publisher.ts'), path, String(first)], {stdio: ['ignore', 'pipe', 'inherit']})
  const ended = new Promise(resolve => child.once('close', resolve))
  child.stdout.once('data', () => {
    const watcher = watch(path, (_, name) => {
      if (name !== MANIFEST) return
      watcher.close()
      setTimeout(() => child.kill('SIGKILL'), afterMs)
    })
  })
  await ended
}

async function shownBy(path: string, name: string, pattern: RegExp): Promise<number> {
  return Number(pattern.exec(await readFile(join(path, name), 'utf8'))?.[1])
}
