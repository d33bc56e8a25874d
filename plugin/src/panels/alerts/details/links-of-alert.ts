import type { AlertRow } from '../view-model.ts'

export type NamedLink = { readonly title: string; readonly href: string }

/** Where people go on from an alert: its runbook first, then other addresses in its annotations, then the change before it. */
export function toLinksOfAlert({ annotations, causeLinks }: Pick<AlertRow, 'annotations' | 'causeLinks'>): NamedLink[] {
  const own = Object.entries(annotations).sort(([left], [right]) => Number(isRunbook(right)) - Number(isRunbook(left)))
  return [...own, ...causeLinks]
    .filter(([, address]) => isWebAddress(address))
    .map(([name, address]) => ({ title: isRunbook(name) ? 'Runbook' : name, href: address }))
}

/** Only pages: an annotation may come from another system, and nothing that runs may hide behind a link. */
export function isWebAddress(text: string): boolean {
  return /^https?:\/\/\S+$/i.test(text)
}

function isRunbook(name: string): boolean {
  return /^runbook/i.test(name)
}
