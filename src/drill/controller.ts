import {removeDrillFile, writeDrillFile} from './drill-file.ts'
import {type Answer, listen} from './listen.ts'
import {identify} from './process-identity.ts'

/** What a second terminal may ask for while `scram drill up` runs in the first. */
export const VERBS = ['break', 'patch', 'report', 'down'] as const
export type Verb = (typeof VERBS)[number]

export interface StartController {
  /** The drill's folder, which exists: `drill.json` is written into it. */
  readonly folder: string
  /** Random; who has it may end the drill, nothing more. */
  readonly token: string
  /** Each answers with what the other terminal shows. `down` must only begin the end: its answer is still to be sent. */
  readonly verbs: Readonly<Record<Verb, () => Promise<object>>>
}

export interface Controller {
  /** Stops listening and removes `drill.json`. Twice is once. */
  close(): Promise<void>
}

/** Listens on a free loopback port for `POST /VERB` with `Authorization: Bearer TOKEN`. */
export async function startController({folder, token, verbs}: StartController): Promise<Controller> {
  const server = await listen(async ({method, path, headers}): Promise<Answer> => {
    if (headers.authorization !== `Bearer ${token}`) return {status: 401, json: {error: 'the token of drill.json is needed'}}
    const verb = VERBS.find(name => path === `/${name}`)
    if (method !== 'POST' || verb === undefined) return {status: 404, json: {error: `POST one of ${VERBS.join(', ')}`}}
    return {status: 200, json: await verbs[verb]()}
  })
  await writeDrillFile(folder, {port: server.port, token, ...identify(process.pid)})
  return {
    async close() {
      server.close()
      await removeDrillFile(folder)
    },
  }
}
