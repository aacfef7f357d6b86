/** The fence of a Markdown page that holds a runbook word for word. */
export const SCRAM_FENCE = 'yaml scram'
/** Said where the text does not end with a newline, for a fence always does. */
const NO_NEWLINE = 'no-final-newline'

export function writeScramFence(text: string): string {
  const ticks = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)))
  const isWhole = text.endsWith('\n')
  return `${ticks}${SCRAM_FENCE}${isWhole ? '' : ` ${NO_NEWLINE}`}\n${text}${isWhole ? '' : '\n'}${ticks}\n`
}

/** The text of the first such fence, as it was; null: the page has none. A fence that is not closed ends with the page. */
export function readScramFence(markdown: string): string | null {
  const open = /(?:^|\n)(`{3,}|~{3,})[ \t]*yaml[ \t]+scram\b([^\n]*)\n/.exec(markdown)
  if (!open) return null
  const [whole, ticks = '```', info = ''] = open
  const body = markdown.slice(open.index + whole.length)
  const close = new RegExp(`(?:^|\\n)\\${ticks[0]}{${ticks.length},}[ \\t]*\\r?(?:\\n|$)`).exec(body)
  // The newline before the closing fence belongs to the text.
  const text = close ? body.slice(0, close.index + (close[0].startsWith('\n') ? 1 : 0)) : body
  return info.includes(NO_NEWLINE) ? text.replace(/\n$/, '') : text
}
