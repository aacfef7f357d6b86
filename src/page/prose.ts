import {escapeHtml, Markup, markup} from './markup.ts'

const ADDRESS = /\bhttps?:\/\/[^\s<>"'`\\]{1,2000}/g
/** What ends a sentence is not part of the address in it. */
const TRAILING = /[.,;:!?)\]}*_]+$/

/** A body as paragraphs: blank lines part them, newlines break, http(s) addresses become links, nothing else is read. */
export function prose(body: string): readonly Markup[] {
  return body
    .split(/\n[ \t]*(?:\n[ \t]*)+/)
    .filter(paragraph => paragraph.trim() !== '')
    .map(paragraph => markup`<p dir="auto">${linked(paragraph.trim())}</p>`)
}

function linked(paragraph: string): Markup {
  let html = ''
  let end = 0
  for (const match of paragraph.matchAll(ADDRESS)) {
    const address = match[0].replace(TRAILING, '')
    if (!isWebAddress(address)) continue
    html += plain(paragraph.slice(end, match.index))
    html += markup`<a href="${address}" rel="nofollow noopener">${address}</a>`.html
    end = match.index + address.length
  }
  return new Markup(html + plain(paragraph.slice(end)))
}

function plain(text: string): string {
  return escapeHtml(text).replaceAll('\n', '<br>')
}

function isWebAddress(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '' && url.password === ''
}
