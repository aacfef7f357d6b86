/**
 * Text of the workspace that may hold a secret by reference: `env:NAME`, `file:/path`, `exec:[argv]`, alone or after one
 * word (`Bearer env:API_TOKEN`). What is sent and what is shown part here and never meet again.
 */
export interface SecretText {
  /** With the reference: for plans, messages and evidence. */
  readonly shown: string
  /** With the secret itself: for the wire only. */
  readonly sent: string
}

const REFERENCE = /^(?:([\w-]+) )?((?:env:[A-Za-z_]\w*)|(?:file:\/.+)|(?:exec:\[.+\]))$/

/** @throws Fault secret.missing · setup.invalid, from `resolve` */
export async function secretText(text: string, resolve: (reference: string) => Promise<string>): Promise<SecretText> {
  const [, scheme, reference] = REFERENCE.exec(text) ?? []
  if (reference === undefined) return {shown: text, sent: text}
  const secret = await resolve(reference)
  return {shown: text, sent: scheme === undefined ? secret : `${scheme} ${secret}`}
}

/**
 * A program or a server may repeat a secret it was given; none leaves in a message. One that was sent behind a word
 * (`Bearer env:API_TOKEN`) is taken out without that word, too: servers tend to repeat the token alone.
 */
export function withoutSecrets(text: string, secrets: readonly SecretText[]): string {
  let safe = text
  for (const {shown, sent} of secrets) {
    if (shown === sent || sent === '') continue
    safe = safe.replaceAll(sent, shown)
    const [, scheme, reference] = REFERENCE.exec(shown) ?? []
    const secret = scheme === undefined ? '' : sent.slice(scheme.length + 1)
    if (reference !== undefined && secret !== '') safe = safe.replaceAll(secret, reference)
  }
  return safe
}
