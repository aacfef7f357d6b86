import {postgresFolder} from './postgres.ts'

/** Where PostgreSQL's programs are. These tests run when asked for: without it they fail, and say what to install. */
export function needPostgres(): string {
  const folder = postgresFolder()
  if (folder === null) throw new Error('PostgreSQL is not installed: apt-get install postgresql')
  return folder
}
