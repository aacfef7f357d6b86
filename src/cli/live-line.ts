/**
 * One moving line on stderr while something runs, of which a terminal has only one; nothing at all where stderr is no
 * terminal. The last word wins, also while the package is still being loaded: a spinner that starts after `clearLive`
 * would keep the process alive and draw over a question.
 */
let shown: {stop(): unknown; say(text: string): void} | undefined
let latest = 0

export function showLive(text: string): void {
  clearLive()
  if (!canShowLive()) return
  const mine = latest
  void import('./spinner.ts').then(({makeSpinner}) => {
    if (mine === latest) shown = makeSpinner(text)
  })
}

/** Other words on the line that moves already; none moves: nothing. */
export function updateLive(text: string): void {
  shown?.say(text)
}

/** A terminal of no width (a pseudo-terminal nobody sized) makes ora erase lines for ever. */
export function canShowLive(): boolean {
  return process.stderr.isTTY && process.stderr.columns > 0
}

export function clearLive(): void {
  latest += 1
  shown?.stop()
  shown = undefined
}

let asked = 0

/** Nothing moves below a question, nor is anything written over it. */
export async function whileAsking<T>(question: () => Promise<T>): Promise<T> {
  clearLive()
  asked += 1
  try {
    return await question()
  } finally {
    asked -= 1
  }
}

export function isAsking(): boolean {
  return asked > 0
}
