import {drawOn} from './stdout.ts'

/**
 * A whole terminal that is drawn anew, on the alternate screen, so that what stood there before stands there after. Left on
 * every way out: `leave` when the work ends or throws, the process's own end, Ctrl-Z and back. Drawn on stderr.
 */
export interface Screen {
  readonly columns: number
  readonly rows: number
  draw(lines: readonly string[]): void
  /** The terminal as it was found. Twice is once. */
  leave(): void
}

const ENTER = '\u001b[?1049h\u001b[?25l'
const LEAVE = '\u001b[?25h\u001b[?1049l'
const HOME = '\u001b[H'
/** To the end of the line, to the end of the screen: nothing flickers, as it would if all were cleared first. */
const CLEAR_LINE = '\u001b[K'
const CLEAR_BELOW = '\u001b[J'

export function openScreen(): Screen {
  let isOn = false
  let shown: readonly string[] = []
  const enter = () => {
    isOn = true
    drawOn(ENTER)
  }
  const leave = () => {
    if (isOn) drawOn(LEAVE)
    isOn = false
  }
  const draw = (lines: readonly string[]) => {
    shown = lines
    if (isOn) drawOn(`${HOME}${lines.map(line => line + CLEAR_LINE).join('\n')}${CLEAR_BELOW}`)
  }
  const hangUp = () => {
    leave()
    process.kill(process.pid, 'SIGHUP')
  }
  const suspend = () => {
    leave()
    process.kill(process.pid, 'SIGSTOP')
  }
  const goOn = () => {
    enter()
    draw(shown)
  }
  process.on('exit', leave).once('SIGHUP', hangUp).on('SIGTSTP', suspend).on('SIGCONT', goOn)
  enter()
  return {
    get columns() {
      return process.stderr.columns
    },
    get rows() {
      return process.stderr.rows
    },
    draw,
    leave() {
      leave()
      process.off('exit', leave).off('SIGHUP', hangUp).off('SIGTSTP', suspend).off('SIGCONT', goOn)
    },
  }
}
