import type {DriverModule} from './rod.ts'

/** Every driver by its name in `scram.yaml`. A driver is loaded when the first rod that names it is opened. */
export const DRIVERS: Readonly<Record<string, () => Promise<DriverModule>>> = {
  http: () => import('./drivers/http.ts'),
  command: () => import('./drivers/command.ts'),
  file: () => import('./drivers/file.ts'),
  'heroku-maintenance': () => import('./drivers/heroku-maintenance.ts'),
  unleash: () => import('./drivers/unleash.ts'),
  redis: () => import('./drivers/redis.ts'),
  haproxy: () => import('./drivers/haproxy.ts'),
}
