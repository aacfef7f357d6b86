import {existsSync} from 'node:fs'
import {dirname, join, resolve} from 'node:path'
import {boardKinds} from '../incident/board.ts'
import {firstPublication} from '../incident/first-publication.ts'
import {boardProjection, incidentProjection} from '../incident/projections.ts'
import {iso} from '../lib/clock.ts'
import {Fault} from '../lib/fault.ts'
import {makeFolder, replaceFile} from '../lib/files.ts'
import {shortId} from '../lib/ids.ts'
import {sha256Hex} from '../lib/sha256.ts'
import {draftPostmortem as draft} from '../postmortem/draft.ts'
import type {Desk, Done} from './desk.ts'
import {meantIncident} from './meant-incident.ts'

export interface Drafted extends Done {
  /** Absolute. */
  readonly path: string
  /** Human parts nobody has written yet. */
  readonly unwritten: readonly string[]
}

/**
 * Writes the postmortem draft of an incident from its record: computed blocks and empty human parts. A file that is there
 * already is never overwritten, because what a person wrote into it is theirs: the next free name is taken.
 * @throws Fault incident.not-found · output.failed (the folder cannot be written) · guard.refused (`out` exists)
 */
export async function draftPostmortem(desk: Desk, {out}: {readonly out?: string | undefined}): Promise<Drafted> {
  const journal = await desk.journal()
  const board = await journal.fold(boardProjection)
  desk.notice(board)
  const incident = await meantIncident(desk, journal, board, 'look')
  const state = await journal.fold(incidentProjection(incident))
  const {components, postmortem, cadenceMs, folder} = await desk.workspace()
  const {markdown, unwritten, head} = draft({
    ...postmortem,
    state,
    events: await journal.events({incident}),
    components,
    published: firstPublication(incident, await journal.events({kinds: boardKinds})),
    policyMs: cadenceMs[state.severity],
    now: iso(desk.clock.now()),
    generatedBy: `scram ${desk.version()}`,
  })
  const path = out === undefined ? freeName(desk.home ?? folder ?? '.', incident) : resolve(out)
  if (existsSync(path))
    throw new Fault('guard.refused', `${path} is there already; what a person wrote into it is theirs`, {hints: ['scram postmortem draft --out OTHER.md']})
  write(path, markdown)
  const events = await journal.append(incident, [{kind: 'postmortem.drafted', data: {path, head, digest: sha256Hex(markdown), unwritten}}])
  return {events, undelivered: [], path, unwritten}
}

/** In the home, where drafts belong: `drafts/0607-k7qm.md`, `-2` and so on when that is taken. */
function freeName(home: string, incident: string): string {
  const base = join(resolve(home), 'drafts', shortId(incident))
  for (let n = 1; ; n++) {
    const path = `${base}${n === 1 ? '' : `-${n}`}.md`
    if (!existsSync(path)) return path
  }
}

function write(path: string, markdown: string): void {
  try {
    makeFolder(dirname(path))
    replaceFile(path, markdown)
  } catch (cause) {
    throw new Fault('output.failed', `the draft cannot be written to ${path} (${(cause as NodeJS.ErrnoException).code})`, {
      hints: ['scram postmortem draft --out OTHER.md'],
      cause,
    })
  }
}
