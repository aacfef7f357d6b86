/** What a role has of its parent. */
export interface RoleChannel {
  send(message: object): void
  onMessage(listener: (message: unknown) => void): void
  /** Resolves when the parent is gone (channel or stdin closed) or asked for the end (SIGTERM). */
  readonly over: Promise<void>
  /** Lets go of channel and stdin, so that the process can end. */
  release(): void
}

/**
 * This process' IPC channel **and** stdin pipe: a parent killed with -9 closes both, and either one is enough. Ctrl-C at
 * the terminal reaches the whole foreground group; a role leaves it to its parent, which ends the roles in order.
 */
export function processChannel(): RoleChannel {
  const over = new Promise<void>(resolve => {
    const end = () => resolve()
    process.once('disconnect', end)
    process.once('SIGTERM', end)
    process.on('SIGINT', () => undefined)
    process.stdin.once('end', end).once('close', end).once('error', end).resume()
    if (!process.connected) end()
  })
  return {
    over,
    send(message) {
      // A closed channel ends the role by itself; there is nobody left to tell.
      process.send?.(message, undefined, {}, () => undefined)
    },
    onMessage: listener => {
      process.on('message', listener)
    },
    release() {
      process.stdin.destroy()
      if (process.connected) process.disconnect?.()
    },
  }
}
