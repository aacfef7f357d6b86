import {chmod, readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect} from '@jest/globals'
import {systemClock} from '../../../src/lib/clock.ts'
import {carryOut} from '../../../src/rods/carry-out.ts'
import {observe} from '../../../src/rods/observe.ts'
import type {Rod} from '../../../src/rods/rod.ts'
import type {Settled} from '../../../src/rods/settle.ts'
import {fencesOf} from '../../docs/fences.ts'
import {type Nginx, startNginx} from '../../servers/nginx.ts'
import {requireTool} from '../../servers/require-tool.ts'
import {rodOf} from '../open-driver.ts'

/** The script of the guide: the new map is tested before nginx is told, and put back when it is no good. */
const careful = (folder: string) =>
  (fencesOf('docs/guide/rods-file-and-command.md', 'sh')[0] ?? '')
    .replaceAll('/etc/nginx', folder)
    .replaceAll('/run/nginx.pid', `${folder}/nginx.pid`)
    .replaceAll('nginx -t -q', `nginx -t -q -e stderr -p ${folder} -c ${folder}/n.conf`)
/** The script that people write first: nobody looks whether nginx took it. */
const CARELESS = `#!/bin/sh
cd "$(dirname "$0")" || exit 1
echo "default $1;" > rod.map
kill -HUP "$(cat nginx.pid)"
`
const HTTP = 'map $host $rod { include FOLDER/rod.map; include FOLDER/more*.map; }'
const SERVER = `
  location / { if ($rod = inserted) { return 503; } return 200 "open"; }
  error_page 503 @maint;
  location @maint { add_header Retry-After 120 always; return 503 "maintenance"; }`
const signal = new AbortController().signal

describe('nginx by a script: a map that is included, a test, a reload', () => {
  let nginx: Nginx
  let rod: Rod
  let careless: Rod
  beforeEach(async () => {
    nginx = await startNginx({http: HTTP, server: SERVER, files: {'rod.map': 'default withdrawn;\n'}})
    const {folder, port} = nginx
    for (const [name, text] of [
      ['careful.sh', careful(folder)],
      ['careless.sh', CARELESS],
    ] as const) {
      await writeFile(join(folder, name), text)
      await chmod(join(folder, name), 0o755)
    }
    const expected = {inserted: {status: 503, header: {'retry-after': '*'}}, withdrawn: {status: 200}}
    const probe = {http: {url: `http://127.0.0.1:${port}/`, method: 'GET', headers: {}, timeout: 5000, expect: expected}}
    const verify = {timeout: 20_000, every: 20, consecutive: 5}
    rod = rodOf({driver: 'command', with: {set: ['./careful.sh', '{position}'], read: ['./careful.sh', 'state']}, probe, verify}, {folder})
    careless = rodOf({driver: 'command', with: {set: ['./careless.sh', '{position}']}, probe, verify: {...verify, timeout: 2000}}, {folder})
  })
  afterEach(() => nginx.close())
  const move = async (moved: Rod, to: string): Promise<Settled> =>
    carryOut(moved, await observe(moved, signal, systemClock), {to, why: 'contain', fence: 1}, {clock: systemClock, signal})

  requireTool('nginx')('is in when the probe says so, and out again', async () => {
    expect((await nginx.get()).status).toBe(200)
    const went = await move(rod, 'inserted')
    expect(went).toMatchObject({kind: 'rod.inserted', data: {targets: [{acknowledged: {detail: './careful.sh exit 0'}, readBack: {position: 'inserted'}}]}})
    expect(await nginx.get()).toMatchObject({status: 503, retryAfter: '120'})
    expect((await move(rod, 'withdrawn')).kind).toBe('rod.withdrawn')
    expect((await nginx.get()).status).toBe(200)
  })

  requireTool('nginx')('a map that nginx does not take is refused, and the old position stays', async () => {
    await writeFile(join(nginx.folder, 'more.map'), 'this is no map')
    const {kind, data} = await move(rod, 'inserted')
    expect({kind, code: data.code}).toEqual({kind: 'rod.jammed', code: 'rod.refused'})
    expect(data.targets[0]?.error?.reason).toMatch(/^\.\/careful\.sh exit 77: nginx: configuration file .* test failed$/)
    expect(data.effective?.position).toBe('withdrawn')
    expect(await readFile(join(nginx.folder, 'rod.map'), 'utf8')).toBe('default withdrawn;\n')
    expect((await nginx.get()).status).toBe(200)
  })

  requireTool('nginx')('without the test nobody says a word, and only the probe sees that nothing happened', async () => {
    await writeFile(join(nginx.folder, 'more.map'), 'this is no map')
    const {kind, data} = await move(careless, 'inserted')
    expect(kind).toBe('rod.unverified')
    expect(data.targets[0]?.acknowledged?.detail).toBe('./careless.sh exit 0')
    expect(data.effective?.position).toBe('withdrawn')
  })
})
