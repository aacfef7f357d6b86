import {mkdtempSync} from 'node:fs'
import {readdir, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, it} from '@jest/globals'
import {wholePage} from '../../src/actions/page-files.ts'
import {publishPage} from '../../src/actions/publish-page.ts'
import {boardProjection} from '../../src/incident/projections.ts'
import {machine, site, update, withPast} from './page-history.ts'

/** Sixty past incidents and an open one, published to a folder, with the memory of it. */
async function published() {
  const on = machine()
  const path = mkdtempSync(join(tmpdir(), 'page-'))
  const desk = (at = path) => on.desk({workspace: site({targets: [{id: 'disk', kind: 'directory', path: at, url: null}]})})
  await withPast(desk(), 60)
  const journal = await desk().journal()
  await journal.append('now', [{kind: 'incident.opened', data: {title: 'Now', severity: 'SEV1'}}, update(1, 'investigating', 'We look.')])
  await publishPage(desk())
  const say = (text: string) => journal.append('now', [update(2, 'identified', text)])
  const shows = async (at = path) => {
    for (const [name, content] of (await wholePage(desk(), await journal.fold(boardProjection))).files)
      expect([name, await readFile(join(at, name), 'utf8')]).toEqual([name, content])
  }
  return {on, path, desk, say, shows}
}

describe('publishing with a memory', () => {
  it('makes the whole page right, with every update', async () => {
    const {desk, say, shows} = await published()
    for (const text of ['One.', 'Two.']) {
      await say(text)
      expect(await publishPage(desk())).toMatchObject([{failed: null}])
      await shows()
    }
  })

  it('puts right what somebody removed or changed, of incidents long over too', async () => {
    const {path, desk, say, shows} = await published()
    const names = await readdir(join(path, 'incidents'))
    for (const name of names) await writeFile(join(path, 'incidents', name, 'index.html'), 'x')
    await say('One.')
    expect(await publishPage(desk())).toMatchObject([{failed: null}])
    await shows()
    await rm(join(path, 'incidents'), {recursive: true})
    await say('Two.')
    await publishPage(desk())
    await shows()
  })

  it('publishes all of it to a new place', async () => {
    const {desk, shows} = await published()
    const other = mkdtempSync(join(tmpdir(), 'page-'))
    expect(await publishPage(desk(other))).toMatchObject([{failed: null}])
    await shows(other)
  })

  it('never records that a build was not whole', async () => {
    const {on, desk, say, path} = await published()
    await rm(join(path, 'incidents'), {recursive: true})
    await say('One.')
    await publishPage(desk())
    expect(await (await on.desk().journal()).events({kinds: ['page.failed']})).toEqual([])
  })

  it('believes nothing when all of it is asked for', async () => {
    const {on, desk, say, shows} = await published()
    await say('One.')
    await writeFile(join(on.home, 'page-seen'), 'nonsense')
    await writeFile(join(on.home, 'page-memo'), 'nonsense')
    expect(await publishPage(desk(), {isThorough: true})).toMatchObject([{failed: null}])
    await shows()
    expect(await readFile(join(on.home, 'page-memo'), 'utf8')).not.toBe('nonsense')
  })
})
