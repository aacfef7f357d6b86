import {sha256} from '@noble/hashes/sha2.js'
import {Markup, markup} from './markup.ts'
import {SPRITES} from './status-marks.ts'
import {STYLE} from './style.ts'

export interface Document {
  readonly title: string
  /** The page's own name, in the link home. */
  readonly name: string
  readonly main: Markup
  readonly footer: Markup
  /** What the build says of itself, on the front page only: the others must not change with every build. */
  readonly build?: {readonly revision: number; readonly asOf: string | null}
}

/**
 * One whole HTML document that asks for nothing else: no script, font, image or style sheet from anywhere, the icon
 * included. The policy in its head holds it to that whatever text gets in.
 */
export function htmlDocument({title, name, main, footer, build}: Document): string {
  const marks = build && markup` data-revision="${build.revision}" data-as-of="${build.asOf ?? ''}"`
  return `<!doctype html>
${
  markup`<html lang="en"${marks ?? null}>
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy()}">
<meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,"><style>${new Markup(STYLE)}</style></head>
<body><a class="skip" href="#main">Skip to status</a>${SPRITES}
<header><a href="/">${name} status</a><nav aria-label="Status pages"><a href="/history">History</a></nav></header>
<main id="main">
${main}
</main>
<footer>${footer}</footer></body></html>`.html
}
`
}

/** By hash, so that nothing but our own constant is ever styled by; no script at all. The same for every page: worked out once. */
function policy(): Markup {
  known ??= new Markup(`default-src 'none'; style-src 'sha256-${base64Sha256(STYLE)}'; img-src data:; base-uri 'none'; form-action 'none'`)
  return known
}

let known: Markup | null = null

function base64Sha256(text: string): string {
  return btoa(String.fromCharCode(...sha256(new TextEncoder().encode(text))))
}
