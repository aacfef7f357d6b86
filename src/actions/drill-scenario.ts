/** The one scenario there is. */
export const SCENARIO = 'routing-outage'

/**
 * Of the API, while a drill is held for people: 40 % of what the platform can do. A boot of the router takes 1.7 times as
 * long while they write, and a guarded withdrawal has room to succeed; at the platform's own 80 % it would stop and call
 * a person.
 */
export const CUSTOMERS_PER_SECOND = 20
