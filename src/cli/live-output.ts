import {cutToWidth, safeLine} from '../lib/text.ts'
import {isAsking} from './live-line.ts'

/** Often enough to read along; a terminal at the end of a slow line must not hold the run up. */
const FLUSH_MS = 200
/** At most so many lines at a time: of a flood the end is worth reading, and how much went by. */
const MOST_LINES = 10
/** Of a line that does not end; a terminal has fewer columns. */
const LONGEST_LINE = 2000

export interface LiveOutput {
  /** Redacted text of a step's command, cut anywhere. */
  say(step: string, text: string): void
  /** Shows what is left of this step, or of all; a line that is not over, too. */
  end(step?: string): void
}

interface Said {
  lines: string[]
  missed: number
  /** A line that is not over. */
  open: string
  /** Its step has ended: forgotten once it was shown, which a question may put off. */
  isOver: boolean
}

/**
 * What commands write while they run, behind `│ `: harmless, cut to the terminal, the newest lines of a flood and a count of
 * the others. While a person is asked nothing moves. `show` prints; what stands here is for reading along, the record and
 * the artefact have it as it was.
 */
export function liveOutput(columns: () => number, show: (lines: readonly string[]) => void): LiveOutput {
  const speakers = new Map<string, Said>()
  let timer: NodeJS.Timeout | undefined

  function flush(): void {
    timer = undefined
    if (isAsking()) {
      later()
      return
    }
    const lines = [...speakers].flatMap(([step, said]) => taken(said).map(line => drawn(step, line)))
    for (const [step, {isOver}] of speakers) if (isOver) speakers.delete(step)
    if (lines.length > 0) show(lines)
  }
  function later(): void {
    timer ??= setTimeout(flush, FLUSH_MS)
    timer.unref()
  }
  /** Whose line it is matters only beside another's. */
  function drawn(step: string, line: string): string {
    return cutToWidth(safeLine(`│ ${speakers.size > 1 ? `${step}  ` : ''}${line}`), columns())
  }

  return {
    say(step, text) {
      const said = speakers.get(step) ?? {lines: [], missed: 0, open: '', isOver: false}
      said.isOver = false
      speakers.set(step, said)
      add(said, text)
      later()
    },
    end(step) {
      for (const [name, said] of speakers) {
        if (step !== undefined && name !== step) continue
        if (said.open !== '') add(said, '\n')
        said.isOver = true
      }
      clearTimeout(timer)
      flush()
    },
  }
}

function add(said: Said, text: string): void {
  const [first = '', ...rest] = text.split('\n')
  const whole = [said.open + first, ...rest]
  said.open = (whole.pop() ?? '').slice(-LONGEST_LINE)
  said.missed += Math.max(said.lines.length + whole.length - MOST_LINES, 0)
  said.lines = [...said.lines, ...whole.slice(-MOST_LINES).map(lastWritten)].slice(-MOST_LINES)
}

/** A progress bar writes its line over and over. */
function lastWritten(line: string): string {
  return (
    line
      .split('\r')
      .findLast(part => part.trim() !== '')
      ?.slice(0, LONGEST_LINE) ?? ''
  )
}

function taken(said: Said): readonly string[] {
  const lines = said.missed > 0 ? [`… ${said.missed} lines more`, ...said.lines] : said.lines
  said.lines = []
  said.missed = 0
  return lines
}
