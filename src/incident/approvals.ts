/** Another person's yes that a step waits for: `from` any of these roles (none: anyone but the driver), by so many people. */
export interface ApprovalWanted {
  readonly from: readonly string[]
  readonly count: number
}

export function isApproved(by: readonly string[], {count}: ApprovalWanted): boolean {
  return new Set(by).size >= count
}

/** `an approval from ops or ic (1 of 2)`. `by`: whose yes counts; `own`: who said yes and now drives, so that it does not. */
export function approvalNeeded(by: readonly string[], {from, count}: ApprovalWanted, own: string | null = null): string {
  const who = from.length === 0 ? 'anyone else' : from.join(' or ')
  const said = own === null ? '' : `; ${own} drives now, and an approval is another person's`
  return `an approval from ${who} (${new Set(by).size} of ${count}${said})`
}
