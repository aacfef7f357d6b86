/** The one scenario there is. */
export const SCENARIO = 'routing-outage'
