import {PARAMETERS, ROLES, type Role} from './parameters.ts'
import {processChannel, type RoleChannel} from './role-channel.ts'

/** Where the others are; sent to each role by the parent, because every port is a free one. */
export interface Nodes {
  readonly manager: string
  readonly apiPublic: string
  readonly apiAdmin: string
  /** Null where only the path of a write was started: no router, nobody who asks it, no monitor. */
  readonly router: string | null
  readonly seed: number
  readonly customersPerSecond: number
}

export interface RunningRole {
  readonly ports: {readonly port: number; readonly adminPort?: number}
  /** The others are known: begin. */
  meet(nodes: Nodes): void
  close(): void
}

/** What a role tells its parent once it listens. */
export interface RoleReport {
  readonly role: Role
  readonly pid: number
  readonly port: number
  readonly adminPort?: number
}

/**
 * The life of one process of the drill: listen, report, work, and end when the parent is gone or says so, or after ten
 * minutes whatever happens. The caller has nothing to do afterwards: with servers and channel closed nothing keeps the
 * process, and if something does, it ends itself hard a second later.
 *
 * `role` is one of `ROLES`; anything else ends at once. Made for a process of its own: SIGTERM and SIGINT are taken over.
 */
export async function runRole(role: string, channel: RoleChannel = processChannel()): Promise<void> {
  const known = ROLES.find(name => name === role)
  if (known === undefined) throw new Error(`the drill has no role ${JSON.stringify(role)}`)
  const running = await begin(known)
  const life = setTimeout(hardEnd, PARAMETERS.lifeMs + PARAMETERS.stopMs)
  const longEnough = new Promise<void>(resolve => {
    setTimeout(resolve, PARAMETERS.lifeMs).unref()
  })
  channel.onMessage(message => {
    const nodes = nodesIn(message)
    if (nodes) running.meet(nodes)
  })
  channel.send({role: known, pid: process.pid, ...running.ports} satisfies RoleReport)
  await Promise.race([channel.over, longEnough])
  clearTimeout(life)
  running.close()
  channel.release()
  setTimeout(hardEnd, PARAMETERS.stopMs).unref()
}

/** Each loads its own code only: four processes start at once, and somebody waits. */
async function begin(role: Role): Promise<RunningRole> {
  switch (role) {
    case 'manager':
      return (await import('./manager-role.ts')).runManager()
    case 'api':
      return (await import('./api-role.ts')).runApi()
    case 'router':
      return (await import('./router-role.ts')).runRouter()
    case 'load':
      return (await import('./load-role.ts')).runLoad()
  }
}

/** The last resort of a process that must not stay: no handler of ours can hold it up. */
function hardEnd() {
  process.kill(process.pid, 'SIGKILL')
}

function nodesIn(message: unknown): Nodes | null {
  if (!(message instanceof Object) || !('nodes' in message)) return null
  // The parent is this very program, in the same version.
  return message.nodes as Nodes
}
