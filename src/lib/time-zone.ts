/**
 * Offset from UTC in milliseconds at an instant, as this machine's zone database has it; undefined: no such zone. By Intl,
 * which Node 24 and 26 both have, so that no polyfill of Temporal is needed; loaded with the first named zone.
 */
export function offsetIn(zone: string): ((epochMs: number) => number) | undefined {
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-US', {timeZone: zone, timeZoneName: 'longOffset'})
  } catch {
    return undefined
  }
  return epochMs => {
    const name = format.formatToParts(epochMs).find(({type}) => type === 'timeZoneName')?.value ?? ''
    const [, sign, hours = '0', minutes = '0', seconds = '0'] = /GMT([+-])(\d{2}):(\d{2})(?::(\d{2}))?/.exec(name) ?? []
    const ms = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000
    return sign === '-' ? -ms : ms
  }
}
