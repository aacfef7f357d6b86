import {normalize} from 'node:path'
import {z} from 'zod'
import type {Position} from '../../incident/events.ts'
import {Fault} from '../../lib/fault.ts'
import {sha256Hex} from '../../lib/sha256.ts'
import {type FlagFile, type FlagText, MOST_FLAG_BYTES} from '../flag-file.ts'
import {flagHere} from '../flag-here.ts'
import {flagThrough, PLAIN_PATH} from '../flag-through.ts'
import {isPosition, positionForm} from '../position.ts'
import type {Capabilities, Driver, DriverContext, Reach, Reading} from '../rod.ts'
import type {Prefix} from '../through.ts'

export const summary = 'a flag file that is there or not, or says the position; here, or behind ssh and the like'

const CONTROL = /\p{Cc}/u
const path = z
  .string()
  .max(4096)
  .refine(text => text.startsWith('/') && !CONTROL.test(text), 'must be an absolute path, without control characters')
  .refine(text => normalize(text) === text && !text.endsWith('/'), 'must name a file, without `//`, `.` and `..`')
const word = z
  .string()
  .max(4096)
  .refine(text => !CONTROL.test(text), 'must be without control characters')
const text = z
  .string()
  .refine(text => Buffer.byteLength(text) <= MOST_FLAG_BYTES, `must be at most ${MOST_FLAG_BYTES} bytes`)
  .refine(text => !text.includes('\0'), 'must be without NUL')

export const options = z
  .strictObject({
    path: path.describe('the flag file; its folder must be there and is never created'),
    mode: z.enum(['presence', 'content']).default('presence').describe('the file is there or not; or what it says is the position'),
    content: z
      .record(z.string(), text)
      .optional()
      .describe('mode content: position → what the file says; without a text for withdrawn the file is removed for it'),
    through: z
      .tuple([word.min(1)], word)
      .refine(words => words.length <= 64, 'has more than 64 words')
      .optional()
      .describe('what comes before each command, such as [ssh, web1]; no shell here, maybe one over there'),
  })
  .refine(({mode, content}) => (mode === 'content') === (content !== undefined), 'mode: content and content: {POSITION: TEXT} need each other')
  .refine(({path, through}) => !through || PLAIN_PATH.test(path), {
    path: ['path'],
    message: 'must consist of A-Z, a-z, 0-9 and . _ / + - where it goes `through` something: a shell over there may read it',
  })

export const can: Capabilities = {named: true, percent: false, rate: false, cas: false, ttl: false, survivesRestart: true}

/**
 * Drives a rod by a file that the application looks for, such as nginx with `if (-f FLAG)`. Two writers at once leave one
 * of the two (a lock file would outlive a kill -9). `unknown` is what reads as no position, and a folder that is gone.
 */
export async function open(given: z.output<typeof options>, {positions, folder, invalid}: DriverContext): Promise<Driver> {
  const texts = textsOf(given, positions, invalid)
  const about = {path: given.path, hasContent: given.mode === 'content'}
  const file: FlagFile = given.through ? flagThrough(given.through, about, folder) : flagHere(about)
  const textAt = (to: Position): FlagText => texts.get(to) ?? null
  const positionOf = (held: FlagText) => [...texts].find(([, text]) => meant(text) === meant(held))?.[0] ?? 'unknown'

  return {
    targets: [''],
    can,
    reaches: given.through ? reachesOf(given.through) : [{path: given.path}],
    plan: to => file.plan(textAt(to)),
    async set(to, {signal}) {
      if (!isPosition(to, positions)) throw new Fault('rod.refused', `${JSON.stringify(to.slice(0, 40))} is no position of this rod; nothing was touched`)
      return file.put(textAt(to), signal)
    },
    async read({signal}): Promise<Reading> {
      const seen = await file.look(signal)
      if (seen.is !== 'there') return {position: seen.is === 'absent' ? positionOf(null) : 'unknown', evidence: seen.evidence}
      const position = positionOf(about.hasContent ? seen.text : '')
      const puzzle = position === 'unknown' ? ` and says no position of this rod (${sha256Hex(seen.text).slice(0, 8)})` : ''
      return {position, ...(seen.version !== undefined && {version: seen.version}), evidence: `${seen.evidence}${puzzle}`}
    },
    advise: () => file.advise(),
  }
}

/** People write such files by hand, too, and editors end them with a newline. */
const meant = (text: FlagText) => text?.trim() ?? null

/** Position → what the file says in it, one-to-one, so that what is read back is never ambiguous. */
function textsOf({mode, content = {}}: z.output<typeof options>, positions: readonly Position[], invalid: DriverContext['invalid']): Map<Position, FlagText> {
  if (positionForm(positions) !== 'named') throw invalid(['mode'], 'a file holds named positions, no share and no rate')
  if (mode === 'presence') {
    const [withdrawn = 'withdrawn', inserted = 'inserted', ...more] = positions
    if (more.length > 0) throw invalid(['mode'], `presence tells two positions apart, this rod has ${positions.length}: use mode: content`)
    return new Map([
      [withdrawn, null],
      [inserted, ''],
    ])
  }
  for (const key of Object.keys(content)) {
    if (!positions.includes(key)) throw invalid(['content', key], `${JSON.stringify(key)} is no position of this rod; it has ${positions.join(', ')}`)
  }
  const texts = new Map<Position, FlagText>()
  const taken = new Map<FlagText, Position>()
  for (const position of positions) {
    const text = Object.hasOwn(content, position) ? (content[position] ?? null) : null
    if (text === null && position !== 'withdrawn') throw invalid(['content'], `has no text for ${position}`)
    const other = taken.get(meant(text))
    if (other !== undefined) throw invalid(['content', position], `${other} and ${position} say the same: what is read back would be ambiguous`)
    taken.set(meant(text), position)
    texts.set(position, text)
  }
  return texts
}

/** With ssh the last word of the prefix is the host. */
function reachesOf([command, ...rest]: Prefix): readonly Reach[] {
  const host = /(?:^|\/)ssh$/.test(command) ? rest.at(-1)?.replace(/^.*@/, '') : undefined
  return [{command}, ...(host ? [{host}] : [])]
}
