import {mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile} from 'node:fs/promises'
import {hostname, tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {buildPage} from '../../src/page/build.ts'
import {MANIFEST} from '../../src/page/manifest.ts'
import {publishToDirectory} from '../../src/page/targets/directory.ts'
import {toNotPublished} from '../../src/page/targets/not-published.ts'
import {model, Record, routing, slowDashboard} from './record.ts'

let path: string
beforeEach(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'page-')), 'www')
})
afterEach(() => rm(join(path, '..'), {recursive: true, force: true}))

const build = (revision: number, more: Parameters<typeof model>[1] = {}) => buildPage(model([routing(), slowDashboard()], {revision, ...more}))
const publish = (revision: number, more?: Parameters<typeof model>[1]) => publishToDirectory(build(revision, more), {path, revision})
const shown = async () => /data-revision="(\d+)"/.exec(await readFile(join(path, 'index.html'), 'utf8'))?.[1]
const manifest = async () => JSON.parse(await readFile(join(path, MANIFEST), 'utf8'))

async function expectWhole(files: ReadonlyMap<string, string>): Promise<void> {
  for (const [name, content] of files) expect([name, await readFile(join(path, name), 'utf8')]).toEqual([name, content])
}

describe('a page published to a directory', () => {
  it('is there byte for byte, and nothing of ours is left beside it', async () => {
    const files = build(7)
    expect(await publishToDirectory(files, {path, revision: 7})).toMatchObject({published: true, result: 'published', revision: 7, files: files.size})
    await expectWhole(files)
    expect((await readdir(path)).filter(name => name.startsWith('.'))).toEqual([])
  })

  it('can be read by the web server, whatever our umask is', async () => {
    const before = process.umask(0o077)
    try {
      await publish(7)
    } finally {
      process.umask(before)
    }
    const mode = async (name: string) => (await stat(join(path, name))).mode & 0o777
    expect(await Promise.all(['.', 'api', 'api/v2', 'index.html', 'api/v2/status.json'].map(mode))).toEqual([0o755, 0o755, 0o755, 0o644, 0o644])
  })

  it('is not written again when it is there', async () => {
    await publish(7)
    const before = await stat(join(path, 'index.html'))
    expect(await publish(7)).toMatchObject({published: true, result: 'already', written: 0})
    expect((await stat(join(path, 'index.html'))).ino).toBe(before.ino)
  })

  it('writes only what changed, the page of an incident that is over not among it', async () => {
    await publish(7)
    const result = await publish(8)
    expect(result).toMatchObject({published: true, revision: 8})
    expect(result.published && result.written < result.files / 1.5).toBe(true)
    await expectWhole(build(8))
  })

  it('gives a changed file a later second than the one it replaces, so that no web server reuses its ETag', async () => {
    await publish(7)
    const before = Math.floor((await stat(join(path, 'index.html'))).mtimeMs / 1000)
    await publish(8)
    expect(Math.floor((await stat(join(path, 'index.html'))).mtimeMs / 1000)).toBeGreaterThan(before)
  })

  it('puts right what somebody changed by hand', async () => {
    await publish(7)
    await writeFile(join(path, 'index.html'), 'defaced')
    await rm(join(path, 'api'), {recursive: true})
    expect(await publish(7)).toMatchObject({published: true, result: 'published'})
    await expectWhole(build(7))
  })

  it('leaves the files of others alone', async () => {
    await mkdir(path)
    await writeFile(join(path, 'CNAME'), 'status.example.com')
    await publish(7)
    expect(await readFile(join(path, 'CNAME'), 'utf8')).toBe('status.example.com')
  })
})

describe('an older build', () => {
  it('never replaces a newer one, and says which one is there', async () => {
    await publish(8)
    expect(await publish(7)).toMatchObject({published: true, result: 'superseded', revision: 8, written: 0})
    expect(await shown()).toBe('8')
  })

  it('does not follow a newer one that was cut off halfway', async () => {
    await publish(6)
    await writeFile(join(path, MANIFEST), JSON.stringify({...(await manifest()), revision: 8, state: 'writing'}))
    expect(await publish(7)).toMatchObject({published: false, code: 'target.unfinished'})
    expect(await publish(8)).toMatchObject({published: true, result: 'published'})
    await expectWhole(build(8))
  })

  it('never wins, however many publish at once', async () => {
    const revisions = [3, 9, 1, 7, 5, 8, 2, 6, 4]
    const results = await Promise.all(revisions.map(revision => publish(revision)))
    expect(results.filter(({published}) => !published)).toEqual([])
    await expectWhole(build(9))
  })

  it('is told from a diverged one when both know what they are made from', async () => {
    await publish(8, {heads: {'aaaaaaaa.1': 5, 'bbbbbbbb.1': 3}})
    expect(await publish(9, {heads: {'aaaaaaaa.1': 9}})).toMatchObject({published: false, code: 'target.diverged'})
    expect(await publish(4, {heads: {'aaaaaaaa.1': 4}})).toMatchObject({published: true, result: 'superseded', revision: 8})
    expect(await publish(12, {heads: {'aaaaaaaa.1': 9, 'bbbbbbbb.1': 3}})).toMatchObject({published: true, result: 'published', revision: 12})
  })
})

describe('a target in trouble', () => {
  it('whose manifest is not ours is left as it is', async () => {
    await publish(7)
    for (const text of ['', '{', '[]', 'null', '{"v":2}', '{"v":1,"state":"done","revision":-1,"heads":{},"root":""}']) {
      await writeFile(join(path, MANIFEST), text)
      expect(await publish(8)).toMatchObject({published: false, code: 'target.foreign'})
      expect(await shown()).toBe('7')
    }
  })

  it('that is a file, or in a place that cannot be, is an answer and no exception', async () => {
    await writeFile(path, '')
    expect(await publish(7)).toMatchObject({published: false, code: 'target.unwritable', reason: expect.stringContaining(path)})
    expect(await publishToDirectory(build(7), {path: '/proc/nowhere/page', revision: 7})).toMatchObject({published: false, code: 'target.unwritable'})
    expect(await publishToDirectory(build(7), {path: 'a\0b', revision: 7})).toMatchObject({published: false, code: 'target.unwritable'})
  })

  it("where a folder stands in a file's place is not half published: the front page stays as it was", async () => {
    await publish(7)
    await rm(join(path, 'api/v2/status.json'))
    await mkdir(join(path, 'api/v2/status.json/x'), {recursive: true})
    expect(await publish(8)).toMatchObject({published: false, code: 'target.unwritable'})
    expect(await shown()).toBe('7')
    expect(await publish(7)).toMatchObject({published: false, code: 'target.unfinished'})
    await rm(join(path, 'api/v2/status.json'), {recursive: true})
    expect(await publish(8)).toMatchObject({published: true})
    await expectWhole(build(8))
  })

  it('without room, or over its quota, is told from one that refuses', () => {
    const answer = (code: string) => toNotPublished(Object.assign(new Error('x'), {code}), path).code
    expect(['ENOSPC', 'EDQUOT', 'EACCES', 'EROFS', 'EIO'].map(answer)).toEqual(['target.full', 'target.full', ...Array(3).fill('target.unwritable')])
    expect(() => toNotPublished(new TypeError('a bug'), path)).toThrow('a bug')
  })

  it('with the claim of a publisher that died is taken over at once', async () => {
    await mkdir(join(path, '.scram-staging/dead'), {recursive: true})
    await writeFile(join(path, '.scram-staging/holder'), `${2 ** 22 + 7}@${hostname()}`)
    expect(await publish(7)).toMatchObject({published: true})
  })

  it('with a claim nobody renewed for a minute is taken over, whoever held it', async () => {
    await mkdir(join(path, '.scram-staging'), {recursive: true})
    await writeFile(join(path, '.scram-staging/holder'), '1@another-machine')
    const old = Date.now() / 1000 - 61
    await utimes(join(path, '.scram-staging'), old, old)
    expect(await publish(7)).toMatchObject({published: true})
  })

  it('with a living claim is waited for, and left after the time allowed', async () => {
    await mkdir(join(path, '.scram-staging'), {recursive: true})
    await writeFile(join(path, '.scram-staging/holder'), '1@another-machine')
    expect(await publishToDirectory(build(7), {path, revision: 7, timeoutMs: 150})).toMatchObject({published: false, code: 'target.slow'})
    expect(await readdir(path)).toEqual(['.scram-staging'])
  })

  it('is not asked to publish a build that is not what the caller says', async () => {
    expect(await publishToDirectory(build(7), {path, revision: 8})).toMatchObject({published: false, code: 'build.invalid'})
    expect(await publishToDirectory(new Map(), {path, revision: 8})).toMatchObject({published: false, code: 'build.invalid'})
  })
})

describe('what was said and hidden again', () => {
  it('is gone from every file of the target', async () => {
    const secret = new Record('0314-secret').opened('09:00', 'Trouble').update('09:01', 'investigating', 'canary-redacted')
    const entry = secret.last
    const files = (revision: number) => buildPage(model([secret], {revision}))
    await publishToDirectory(files(1), {path, revision: 1})
    secret.event('entry.redacted', '09:05', {entry, why: 'canary-why'})
    await publishToDirectory(files(2), {path, revision: 2})
    const names = (await readdir(path, {recursive: true, withFileTypes: true})).filter(each => each.isFile())
    for (const each of names) expect(await readFile(join(each.parentPath, each.name), 'utf8')).not.toContain('canary')
    expect(names.length).toBe(files(2).size)
  })
})
