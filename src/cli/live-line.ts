/**
 * One moving line on stderr while something runs, of which a terminal has only one; nothing at all where stderr is no
 * terminal. The last word wins, also while the package is still being loaded: a spinner that starts after `clearLive`
 * would keep the process alive and draw over a question.
 */
let shown: {stop(): unknown} | undefined
let latest = 0

export function showLive(text: string): void {
  clearLive()
  // A terminal of no width (a pseudo-terminal nobody sized) makes ora erase lines for ever.
  if (!process.stderr.isTTY || !(process.stderr.columns > 0)) return
  const mine = latest
  void import('./spinner.ts').then(({makeSpinner}) => {
    if (mine === latest) shown = makeSpinner(text)
  })
}

export function clearLive(): void {
  latest += 1
  shown?.stop()
  shown = undefined
}
