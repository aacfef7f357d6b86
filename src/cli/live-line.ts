/**
 * One moving line on stderr while something runs; nothing at all where stderr is no terminal. The last word wins, also
 * while the package is still being loaded: a spinner that starts after `clear` would keep the process alive.
 */
export function liveLine(): {show(text: string): void; clear(): void} {
  // A terminal of no width (a pseudo-terminal nobody sized) makes ora erase lines for ever.
  const isLive = process.stderr.isTTY && process.stderr.columns > 0
  let shown: {stop(): unknown} | undefined
  let latest = 0
  const clear = () => {
    latest += 1
    shown?.stop()
    shown = undefined
  }
  return {
    clear,
    show(text) {
      clear()
      if (!isLive) return
      const mine = latest
      void import('./spinner.ts').then(({makeSpinner}) => {
        if (mine === latest) shown = makeSpinner(text)
      })
    },
  }
}
