const DIGITS = '0123456789abcdef'

/** Two lower-case digits a byte. */
export function hexOf(bytes: Iterable<number>): string {
  let hex = ''
  for (const byte of bytes) hex += `${DIGITS[byte >> 4]}${DIGITS[byte & 15]}`
  return hex
}
