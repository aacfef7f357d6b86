import {z} from 'zod'
import type {Position} from '../../incident/events.ts'
import {Fault} from '../../lib/fault.ts'
import {safeLine} from '../../lib/text.ts'
import {type CliAddress, cliAddress} from '../haproxy/cli-address.ts'
import {askCli, type CliAnswer} from '../haproxy/cli-exchange.ts'
import {look} from '../haproxy/look.ts'
import {readMapFile} from '../haproxy/map-file.ts'
import type {MapEntry} from '../haproxy/map-setting.ts'
import {openSetting, type What} from '../haproxy/open-setting.ts'
import {persistLive} from '../haproxy/persist-live.ts'
import type {Setting} from '../haproxy/setting.ts'
import {isPosition} from '../position.ts'
import type {Capabilities, Driver, DriverContext} from '../rod.ts'

export const summary = 'HAProxy over its command socket: an entry of a map (or a share in it), a server, a frontend'

/** Blank, `;`, `\` and newline are syntax on the socket; whatever is not in here could be a command of its own. */
const word = z.string().regex(/^[A-Za-z0-9_./:-]{1,128}$/, 'has at most 128 characters of A-Z a-z 0-9 _ . / : -')
const NAME = '[A-Za-z0-9_.:-]{1,64}'

export const options = z
  .strictObject({
    sockets: z
      .record(
        z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$/, 'is no name for a target'),
        z.string().refine(text => cliAddress(text) !== null, 'must be unix:/path (at most 107 bytes) or tcp:host:port'),
      )
      .refine(named => Object.keys(named).length >= 1 && Object.keys(named).length <= 32, 'needs 1 to 32 sockets')
      .describe('one per HAProxy, by name: unix:/path or tcp:host:port; for a map a socket of level operator is enough'),
    map: word.optional().describe('the map file, as the configuration of HAProxy names it'),
    key: word.optional().describe('its entry, which must be there once'),
    server: z
      .string()
      .regex(new RegExp(`^${NAME}/${NAME}$`), 'must be BACKEND/SERVER')
      .optional()
      .describe('BACKEND/SERVER: positions withdrawn (ready), drain, maint; or weights in values'),
    frontend: z
      .string()
      .regex(new RegExp(`^${NAME}$`), 'is no name of a frontend')
      .optional()
      .describe('stops to listen; or maxconn in values'),
    values: z
      .record(z.string(), z.union([word, z.number().min(0).max(999_999_999)]))
      .default({})
      .describe('position: what stands in the map, the weight of the server, the maxconn of the frontend'),
    persist: z.boolean().default(false).describe('write the map file too, where the socket is local: a reload keeps the position'),
  })
  .refine(({map, server, frontend}) => [map, server, frontend].filter(what => what !== undefined).length === 1, 'needs one of map, server, frontend')
  .refine(({map, key}) => (map === undefined) === (key === undefined), 'map and key go together')
  .refine(({map, persist}) => !persist || map?.startsWith('/'), 'persist needs a map with an absolute path')

type Options = z.output<typeof options>

export const can: Capabilities = {named: true, percent: true, rate: true, cas: false, ttl: false, survivesRestart: true}

/** Longer is no refusal of HAProxy's; its longest list of commands has some 20 lines. */
const LONGEST_REFUSAL = 4096
/** The look before a move must not cost the move its time. */
const LOOK_FIRST_MS = 1000

interface Target {
  readonly address: CliAddress
  /** The entry of the map file that is written too. */
  readonly persists: MapEntry | null
}

/**
 * Drives a rod through the command socket of one or more HAProxies. An empty line acknowledges; any other text is a
 * refusal or says that it was so already. A key that is not in the map is never added: `add map` on one that is there
 * makes a second entry. With `persist` the running HAProxy moves first, then the file; a file that cannot be written
 * makes the move `rod.unanswered`, for half of it happened.
 */
export async function open(given: Options, context: DriverContext): Promise<Driver> {
  const what = whatOf(given)
  const setting = openSetting(what, given.values, context)
  const targets = new Map<string, Target>()
  for (const [name, text] of Object.entries(given.sockets)) {
    const address = cliAddress(text)
    if (address) targets.set(name, {address, persists: given.persist && address.isLocal && what.kind === 'map' ? what : null})
  }
  const all = [...targets.values()]
  if (given.persist && !all.some(({persists}) => persists)) throw context.invalid(['persist'], 'none of the sockets is local: the map file is on another host')
  return {
    targets: [...targets.keys()],
    can: {...setting.can, survivesRestart: all.every(({persists}) => persists)},
    reaches: [...all.map(({address}) => address.reach), ...(given.persist && what.kind === 'map' ? [{path: what.map}] : [])],
    plan: to =>
      [...targets].flatMap(([name, {address, persists}]) => [
        `${name} (${address.shown}): ${setting.setLine(to)}`,
        ...(persists ? [`${name}: then the same value for ${persists.key} in the file ${persists.map}`] : []),
      ]),
    async set(to, {target: name, signal}) {
      signal.throwIfAborted()
      if (!isPosition(to, context.positions)) {
        throw new Fault('rod.refused', `${JSON.stringify(to.slice(0, 40))} is no position of this rod; nothing was sent`)
      }
      const target = targets.get(name)
      if (!target) throw new Fault('rod.refused', `this rod has no socket ${JSON.stringify(name.slice(0, 40))}`)
      return setOne(setting, to, target, signal)
    },
    async read({target: name, signal}) {
      const target = targets.get(name)
      if (!target) return {position: 'unknown', evidence: `this rod has no socket ${JSON.stringify(name.slice(0, 40))}`}
      const looked = await look(target.address, setting, signal)
      if (looked.pid === null) return {position: 'unknown', evidence: `${target.address.shown}: ${looked.reason}`}
      const {position, says} = setting.read(looked.answer)
      const warning = fileWarning(target, setting, looked.answer)
      const evidence = [`${setting.readLine}: ${says} (pid ${looked.pid})`, ...(warning ? [warning] : [])].join('; ')
      return {position, version: looked.pid, instance: looked.pid, evidence}
    },
    async advise({target: name, signal}) {
      const target = targets.get(name)
      return target ? adviceOn(target, setting, signal) : []
    },
  }
}

function whatOf({map, key, server, frontend}: Options): What {
  if (map !== undefined && key !== undefined) return {kind: 'map', map, key}
  if (server !== undefined) return {kind: 'server', server}
  return {kind: 'frontend', frontend: frontend ?? ''}
}

async function setOne(setting: Setting, to: Position, {address, persists}: Target, signal: AbortSignal): Promise<string> {
  // Only an answer can object: an insertion does not fail because a courtesy was not answered.
  const before = setting.objection ? await look(address, setting, AbortSignal.any([signal, AbortSignal.timeout(LOOK_FIRST_MS)])) : null
  if (signal.aborted) throw new Fault('rod.unanswered', `${address.shown}: ${before?.pid === null ? before.reason : 'no time left'}`)
  const objection = before?.pid ? setting.objection?.(before, to) : null
  const line = setting.setLine(to)
  const where = `${address.shown}: ${line}`
  if (objection) throw new Fault('rod.refused', `${where}: ${objection}; nothing was sent`)
  const said = await askCli(address, line, signal)
  const detail = `${where}: ${acknowledgement(said, setting, address, where)}`
  if (!persists) return detail
  const value = line.slice(line.lastIndexOf(' ') + 1)
  const reason = await persistLive({address, setting, entry: persists, value, pid: before?.pid ?? undefined, signal})
  if (reason === null) return `${detail}, and ${persists.map} says so too`
  throw new Fault('rod.unanswered', `${detail}, but ${persists.map} does not say so (${safeLine(reason)}): a reload of HAProxy undoes it`)
}

/** @throws Fault what else the answer is */
function acknowledgement(said: CliAnswer, setting: Setting, {isLocal}: CliAddress, where: string): string {
  if (said.text === null) {
    const mayNotOpen = isLocal && (said.errno === 'EACCES' || said.errno === 'EPERM')
    throw new Fault(mayNotOpen ? 'rod.refused' : said.wasSent ? 'rod.unanswered' : 'rod.unreachable', `${where}: ${said.reason}`)
  }
  if (/^\n{1,2}$/.test(said.text)) return 'acknowledged'
  const text = said.text.trim()
  if (setting.already.includes(text)) return 'it was so already'
  const isStranger = !said.text.endsWith('\n') || said.text.length > LONGEST_REFUSAL || /^(?:<|HTTP\/)|[^\P{Cc}\n\t]/u.test(text)
  if (isStranger) throw new Fault('rod.unanswered', `${where}: what answered is no HAProxy, or was cut off`)
  const level = text === 'Permission denied' ? ` (this needs a socket of level ${setting.level})` : ''
  throw new Fault('rod.refused', `${where}: ${safeLine(text.split('\n')[0] ?? '').slice(0, 200)}${level}`)
}

/** Where the map file and the running HAProxy contradict each other, the next reload moves the rod. */
function fileWarning({persists}: Target, setting: Setting, answer: string): string | null {
  const live = setting.valueIn?.(answer) ?? null
  if (!persists || live === null) return null
  const file = readMapFile(persists)
  if (file.value === live) return null
  return `the file ${file.value === null ? `is of no use (${safeLine(file.reason)})` : 'has another value'}: a reload of HAProxy moves this rod`
}

async function adviceOn(target: Target, setting: Setting, signal: AbortSignal): Promise<readonly string[]> {
  const {address, persists} = target
  const say = (line: string) => `${address.shown}: ${line}`
  const looked = await look(address, setting, signal)
  if (looked.pid === null) return [say(looked.reason)]
  const {position, says} = setting.read(looked.answer)
  const level = (await askCli(address, 'show cli level', signal)).text?.trim()
  const warning = fileWarning(target, setting, looked.answer)
  return [
    ...(position === 'unknown' ? [says] : []),
    ...(persists ? [] : setting.advice),
    ...(persists || !setting.valueIn || !address.isLocal ? [] : ['persist: true writes the map file too']),
    ...(warning ? [warning] : []),
    ...(setting.level === 'admin' && level !== 'admin'
      ? [`every move will be refused: this needs a socket of level admin, not ${safeLine(level ?? 'none')}`.slice(0, 200)]
      : []),
    ...(setting.level === 'operator' && level === 'admin' ? ['this socket is of level admin; level operator is enough for a map'] : []),
    ...(address.isLocal ? [] : ['whoever reaches this port may move the rod: HAProxy asks for no password']),
  ].map(say)
}
