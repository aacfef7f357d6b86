import {type DrillHost, type OpenDrillOptions, openDrill} from './open-drill.ts'

export interface DrillUp extends OpenDrillOptions {
  readonly host: DrillHost
  /** Called once everything is up, with what a second terminal needs. */
  onUp(up: DrillIsUp): void
}

export interface DrillIsUp {
  readonly folder: string
  readonly router: string
  readonly api: string
  readonly home: string
  readonly workspace: string
}

/**
 * Holds a drill's platform up until the signal fires or another terminal says `scram drill down`. Answers with who ended
 * it; no process is left either way.
 * @throws Fault drill.busy · guard.refused · the signal's reason while it starts
 */
export async function drillUp({host, onUp, ...options}: DrillUp, given: AbortSignal): Promise<{readonly folder: string; readonly endedBy: 'down' | 'signal'}> {
  const drill = await openDrill(host, options, given)
  const {folder, home, workspace, platform, signal} = drill
  try {
    onUp({folder, home, workspace, router: platform.router.url, api: platform.api.publicUrl})
    await aborted(signal)
    return {folder, endedBy: drill.isDown() ? 'down' : 'signal'}
  } finally {
    await drill.close()
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), {once: true})
  })
}
