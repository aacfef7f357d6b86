import {isPageBehind} from '../../actions/follow-page.ts'
import type {Status} from '../../actions/show-status.ts'
import {maybeIn} from '../../incident/board-state.ts'
import type {IncidentState} from '../../incident/state.ts'
import {shortEntry, shortId} from '../../lib/ids.ts'
import {shellQuote} from '../../lib/text.ts'
import type {View} from '../view.ts'
import {field, oneLine, table, utc} from './clock-words.ts'
import {incidentJson, incidentLines} from './incident.ts'
import {rodDue, rodNews} from './rod-line.ts'

/** Where am I: the incident and its clock, what is in, what waits, what did not get out, what comes next. */
export function statusView(status: Status): View {
  const {current, board, runs, now} = status
  const open = Object.values(board.open)
  const others = open.filter(({id}) => id !== current?.id)
  const elsewhere = Object.values(board.rods).filter(rod => maybeIn(rod) && rod.incident !== current?.id && !(current && rod.incident === null))
  const stopped = Object.entries(board.stopped)
  const next = suggestion(status)
  return {
    text: [
      ...(current ? incidentLines(current, board, now) : open.length === 0 ? ['no incident is open'] : [`${open.length} incidents are open, none is chosen`]),
      ...(others.length > 0
        ? [
            current ? 'also open' : '',
            ...table(others.map(({id, severity, title, openedAt}) => [`  ${shortId(id)}`, severity, utc(openedAt, now), oneLine(title, 60)])),
          ].filter(Boolean)
        : []),
      ...field(
        'rods',
        elsewhere.flatMap(rod => [`${rod.rod} ${rodNews(rod, now)}`, ...[rodDue(rod, now)].filter(due => due !== null)]),
      ),
      ...field(
        'runs',
        runs.map(
          ({run, runbook, state, step, needs, isElsewhere}) =>
            `${shortId(run)} of ${runbook} ${state}${step ? ` at ${step}` : ''}${needs ? `: ${needs}` : ''}${isElsewhere ? ', on another machine' : ''}`,
        ),
      ),
      ...field('page', isPageBehind(board) ? ['BEHIND: scram outbox list'] : []),
      ...field(
        'streams',
        stopped.map(([stream, {seq, reason}]) => `of ${stream} stopped at ${seq} (${reason}): what is shown may be behind: scram timeline streams`),
      ),
      `next: ${next}`,
    ],
    json: {
      current: current ? incidentJson(current) : null,
      open,
      rods: Object.values(board.rods).filter(maybeIn),
      runs,
      timers: Object.values(board.timers),
      page: {...board.page, behind: isPageBehind(board)},
      stopped: board.stopped,
      now: new Date(now).toISOString(),
      next,
    },
    exit: 0,
  }
}

/** What a parked run waits for is given by a command of its own; `scram resume` alone would park it again. */
function answerTo({run, state, reason, step}: Status['runs'][number]): string {
  const verb = state === 'parked' && step !== null ? {manual: 'done', approve: 'approve'}[reason ?? ''] : undefined
  return verb === undefined ? `scram resume ${shortId(run)}` : `scram ${verb} ${shellQuote(step ?? '')} --run ${shortId(run)}`
}

function suggestion({current, board, runs}: Status): string {
  const waiting = runs.find(({state, isElsewhere}) => state !== 'running' && !isElsewhere)
  if (waiting) return answerTo(waiting)
  const held = Object.values(board.timers).find(({what, told}) => what === 'update' && told !== null)
  if (held) return `scram update --post ${shortEntry(held.timer)}`
  const unsettled = Object.values(board.rods).find(
    rod => rod.status === 'inserting' || rod.status === 'withdrawing' || (rod.status === 'unverified' && maybeIn(rod)),
  )
  if (unsettled) return `scram rod verify ${shellQuote(unsettled.rod)}`
  const [first] = Object.values(board.open)
  if (!current) return first ? `scram use ${shortId(first.id)}` : 'scram open "what users see" -s sev1 -m "first public text"'
  if (current.phase !== 'open') return 'scram postmortem draft'
  const untold =
    isPublicOpen(current) &&
    Object.values(board.rods).find(rod => maybeIn(rod) && rod.note !== null && (current.updates.at(-1)?.at ?? '') < (rod.insertedAt ?? ''))
  if (untold) return `scram update ${shellQuote(untold.note ?? '')}${untold.component === null ? '' : ` -c ${shellQuote(untold.component)}=under_maintenance`}`
  if (current.updates.length === 0 && !current.isPrivate) return 'scram update "what is known" --next 20m'
  return 'scram update TEXT, scram note TEXT, scram resolve -m TEXT'
}

const isPublicOpen = ({phase, isPrivate}: IncidentState) => phase === 'open' && !isPrivate
