/**
 * The figures of the drill platform, in one table. Work costs timers, never CPU: two cores must be enough.
 *
 * Why these: one worker carries out 1000 / writeMs = 50 writes a second, and the router's snapshot pages stand in the same
 * queue. Customers ask for 40 writes a second (80 % of it) and whoever is refused comes back. So the platform carries its
 * load with nothing waiting, a boot takes 0.8 s with the rod in and about 4 s with the API open, and a rod that is withdrawn
 * at once lets hundreds of waiting customers in together: more than the worker can do before they lose patience, and each
 * of them tries again. At 30 writes a second (60 %) there is room to withdraw it step by step.
 */
export const PARAMETERS = {
  pages: 10,
  pageMs: 80,
  writeMs: 20,
  /** Far above what a drill reaches; the worker's memory must have an end whatever load does. */
  longestQueue: 20_000,
  /** Pause between a crash of the router's child and its next boot. */
  restartMs: 300,
  /** New customers a second; each goes on until its write is done. */
  customersPerSecond: 40,
  /** They come in handfuls, as a timer can be trusted to: 4 each 100 ms. */
  arriveEveryMs: 100,
  /** Under way at once; who comes then is turned away and counted. */
  mostCustomers: 600,
  customerTimeoutMs: 2000,
  /** Pause of a customer after anything but an answer of the API. */
  retryMs: 100,
  /** Without jitter: the waves of retries are what a guarded withdrawal must survive. */
  retryAfterSeconds: 5,
  /** Requests of customers, and to the router: load ends by itself there, as every role does after `lifeMs`. */
  mostAttempts: 54_000,
  mostRouterRequests: 6000,
  routerRequestsPerSecond: 10,
  routerTimeoutMs: 2000,
  mostInFlight: 50,
  /** How often the bucket of the admitted rate is refilled. */
  refillEveryMs: 50,
  /** Of the API to its manager: longer than any customer waits. */
  writeTimeoutMs: 60_000,
  monitorEveryMs: 500,
  /** Polls in a row that must fail before the alert fires. */
  alertAfter: 2,
  baselineMs: 10_000,
  lifeMs: 600_000,
  stopMs: 1000,
} as const

/** Arrivals, choice of app, who is refused at 25 %: 2012-06-07. */
export const DEFAULT_SEED = 20120607

export const ROLES = ['manager', 'api', 'router', 'load'] as const
export type Role = (typeof ROLES)[number]
