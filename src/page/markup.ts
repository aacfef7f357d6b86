/** A piece of HTML that was made here. Only `markup` makes one, so text cannot pass for one. */
export class Markup {
  readonly html: string

  constructor(html: string) {
    this.html = html
  }
}

type Part = Markup | string | number | null | false | readonly Part[]

/**
 * HTML in which every value is escaped unless it is `Markup` itself: forgetting is safe. Fit for element content and for
 * attributes in double quotes, nowhere else (no value ever stands in a script, a style, a comment or an unquoted
 * attribute). `null` and `false` print nothing, lists print one after another.
 */
export function markup(strings: TemplateStringsArray, ...values: readonly Part[]): Markup {
  let html = strings[0] ?? ''
  values.forEach((value, i) => {
    html += render(value) + (strings[i + 1] ?? '')
  })
  return new Markup(html)
}

function render(value: Part): string {
  if (value instanceof Markup) return value.html
  if (value === null || value === false) return ''
  if (typeof value === 'object') return value.map(render).join('')
  return escapeHtml(String(value))
}

const ENTITIES: Readonly<Record<string, string>> = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;'}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, character => ENTITIES[character] ?? '')
}
