/** Too short a text would be found everywhere. */
const secretLengthMin = 4

/** Takes secrets out of a text that came from elsewhere: a receiver may repeat what it was sent. */
export function redact(text: string, secrets: readonly (string | undefined)[]): string {
  return secrets
    .flatMap((secret) => (secret && secret.length >= secretLengthMin ? [secret, ...pathOf(secret)] : []))
    .reduce((rest, secret) => rest.replaceAll(secret, '…'), text)
}

/** The path of an address is its secret part with chats and flows: /services/T0/B0/XXXX. */
function pathOf(text: string): string[] {
  if (!URL.canParse(text)) return []
  const { pathname, search } = new URL(text)
  return [`${pathname}${search}`, pathname, search].filter((part) => part.length >= secretLengthMin)
}
