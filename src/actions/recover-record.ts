import type {Desk, Recovered} from './desk.ts'

/** After a disk failed: the sound part of the record, and what lay in the emergency logs, in one file again. Twice is once. */
export function recoverRecord(desk: Desk): Promise<Recovered> {
  return desk.repair.recover()
}

/** After a backup was restored or a machine was copied: two histories must not share their numbers. */
export function startNewEpoch(desk: Desk): Promise<number> {
  return desk.repair.newEpoch()
}
