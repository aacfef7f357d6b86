/**
 * The figures of the drill platform, in one table. Work costs timers, never CPU: two cores must be enough.
 *
 * Why these: the router boots from `pages` pages of the platform's one work queue, and customers' writes stand in the
 * same queue. With the rod in a boot takes pages × pageMs = 1.0 s; with the API open the writes take
 * requestsPerSecond × writeMs = 40 % of the queue, so the same boot takes about 1.7 s. Longer, not hopeless: a person
 * practises the order of things here, not despair.
 */
export const PARAMETERS = {
  pages: 10,
  pageMs: 100,
  writeMs: 40,
  /** Above it a write is turned away at once: the queue must stay bounded whatever load does. */
  longestQueue: 100,
  /** Pause between a crash of the router's child and its next boot. */
  restartMs: 300,
  /** To each of the two, router and API. */
  requestsPerSecond: 10,
  requestTimeoutMs: 2000,
  mostInFlight: 50,
  /** Load ends by itself here, as every role does after `lifeMs`. */
  mostRequests: 12_000,
  monitorEveryMs: 500,
  /** Polls in a row that must fail before the alert fires. */
  alertAfter: 2,
  baselineMs: 10_000,
  retryAfterSeconds: 5,
  lifeMs: 600_000,
  stopMs: 1000,
} as const

/** Arrivals, choice of app: 2012-06-07. */
export const DEFAULT_SEED = 20120607

export const ROLES = ['api', 'router', 'load'] as const
export type Role = (typeof ROLES)[number]
