import {mkdtempSync} from 'node:fs'
import {mkdir, readdir, readFile, rename, rm, utimes, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, it} from '@jest/globals'
import {systemClock} from '../../src/lib/clock.ts'
import {buildPage} from '../../src/page/build.ts'
import {digestsOf, MANIFEST} from '../../src/page/manifest.ts'
import {publishToDirectory} from '../../src/page/targets/directory.ts'
import {SeenFiles, statAll} from '../../src/page/targets/seen-files.ts'
import {model, routing, slowDashboard} from './record.ts'

const scratch = () => mkdtempSync(join(tmpdir(), 'page-'))
const files = buildPage(model([routing(), slowDashboard()], {revision: 7}))
const [PAST = ''] = [...files.keys()].filter(name => name.startsWith('incidents/')).slice(-1)
/** A time that can be given back exactly. */
const WHOLE = 1_700_000_000
const signal = AbortSignal.timeout(60_000)

/** A page that was published, read again once its files had settled, and what is known of it then. */
async function settled(): Promise<{path: string; seen: SeenFiles}> {
  const path = scratch()
  await publishToDirectory(files, {path, revision: 7})
  await utimes(join(path, PAST), WHOLE, WHOLE)
  await systemClock.sleep(3200, signal)
  const seen = new SeenFiles()
  await publishToDirectory(files, {path, revision: 7, seen})
  return {path, seen}
}

describe('files that were read once', () => {
  it('are known once they are three seconds old, and not read again', async () => {
    const path = scratch()
    const fresh = new SeenFiles()
    await publishToDirectory(files, {path, revision: 7, seen: fresh})
    await publishToDirectory(files, {path, revision: 7, seen: fresh})
    expect(fresh.isGrown).toBe(false)
    const known = (await settled()).seen.files()
    expect(known.map(([name]) => name).sort()).toEqual([...files.keys()].sort())
  }, 20_000)

  it('are read and put right whatever was done to them, times given back or not', async () => {
    const {path, seen} = await settled()
    const file = join(path, PAST)
    const known = seen.files()
    const right = files.get(PAST) ?? ''
    const deeds: readonly (() => Promise<unknown>)[] = [
      async () => {
        await writeFile(file, `x${right.slice(1)}`)
        await utimes(file, WHOLE, WHOLE)
      },
      async () => {
        await writeFile(`${file}.new`, `y${right.slice(1)}`)
        await utimes(`${file}.new`, WHOLE, WHOLE)
        await rename(`${file}.new`, file)
      },
      () => rm(file),
      () => writeFile(file, ''),
    ]
    for (const deed of deeds) {
      await deed()
      expect(await publishToDirectory(files, {path, revision: 7, seen: new SeenFiles(known)})).toMatchObject({published: true, written: 1})
      expect(await readFile(file, 'utf8')).toBe(right)
    }
    expect(await publishToDirectory(files, {path, revision: 7, seen: new SeenFiles(known)})).toMatchObject({result: 'already', written: 0})
  }, 20_000)

  it('are read when another content is expected of them', async () => {
    const path = scratch()
    await mkdir(join(path, 'a'))
    await writeFile(join(path, 'a/b'), 'x')
    const [stats] = await statAll(path, ['a/b'])
    if (!stats) throw new Error('it is there')
    const seen = new SeenFiles()
    seen.learn('a/b', 'one', stats, stats.ctimeMs + 2000)
    expect(seen.isRight('a/b', 'one', stats)).toBe(false)
    seen.learn('a/b', 'one', stats, stats.ctimeMs + 3001)
    expect(seen.isRight('a/b', 'one', stats)).toBe(true)
    expect(seen.isRight('a/b', 'two', stats)).toBe(false)
    expect(seen.isRight('a/c', 'one', stats)).toBe(false)
    expect(seen.isRight('a/b', 'one', null)).toBe(false)
    expect(await statAll(path, ['none', 'a/b'])).toEqual([null, stats])
  })
})

describe('a build that lacks what did not change', () => {
  const kept = new Map(Object.entries(digestsOf(files.get(MANIFEST) ?? '')).filter(([name]) => name === PAST))
  const partial = buildPage(model([routing(), slowDashboard()], {revision: 7}), kept)

  it('has the same manifest', () => {
    expect(partial.has(PAST)).toBe(false)
    expect(partial.get(MANIFEST)).toBe(files.get(MANIFEST))
  })

  it('is enough where the rest is there', async () => {
    const path = scratch()
    await publishToDirectory(files, {path, revision: 7})
    expect(await publishToDirectory(partial, {path, revision: 7})).toMatchObject({published: true, result: 'already', files: files.size})
  })

  it('asks for the whole where it is not, and writes nothing', async () => {
    const path = scratch()
    expect(await publishToDirectory(partial, {path, revision: 7})).toMatchObject({published: false, code: 'build.partial'})
    expect(await readdir(path)).toEqual([])
    await publishToDirectory(files, {path, revision: 7})
    await writeFile(join(path, PAST), 'x')
    expect(await publishToDirectory(partial, {path, revision: 7})).toMatchObject({published: false, code: 'build.partial'})
  })
})
