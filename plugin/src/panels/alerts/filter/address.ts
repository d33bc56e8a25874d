import { severityLooks, stateLooks } from '../looks.ts'
import type { AlertFilter } from '../view-model.ts'

/** What somebody looks at: the filter, and the alert that is open. */
export type Looked = { readonly filter: AlertFilter; readonly openKey: string | undefined }

/** The parts of a page's address that belong to one panel; what is as usual has none. */
export type Address = Record<string, string | string[] | undefined>

/**
 * Writes what somebody looks at as parts of the page's address, so that it can be sent to a colleague.
 *
 * Each part names the panel: a dashboard may have several.
 */
export function toAddress(panelId: number, { filter, openKey }: Looked, usual: AlertFilter): Address {
  const part = partOf(panelId)
  const listOf = (values: ReadonlySet<string>) => (values.size > 0 ? [...values] : undefined)
  return {
    [part('text')]: filter.text || undefined,
    [part('severity')]: listOf(filter.severities),
    [part('state')]: listOf(filter.states),
    [part('label')]: listOf(filter.labels),
    [part('waiting')]: filter.onlyOpen ? 'true' : undefined,
    [part('suppressed')]: filter.showsSuppressed === usual.showsSuppressed ? undefined : String(filter.showsSuppressed),
    [part('open')]: openKey,
  }
}

/** Reads it back; what nobody knows is passed over. */
export function fromAddress(panelId: number, search: URLSearchParams, usual: AlertFilter): Looked {
  const part = partOf(panelId)
  const known = <T extends string>(name: string, looks: Readonly<Record<T, unknown>>) =>
    new Set(search.getAll(part(name)).filter((value): value is T => Object.hasOwn(looks, value)))
  return {
    filter: {
      text: search.get(part('text')) ?? '',
      severities: known('severity', severityLooks),
      states: known('state', stateLooks),
      labels: new Set(search.getAll(part('label')).filter((pair) => pair.indexOf('=') > 0)),
      onlyOpen: search.get(part('waiting')) === 'true',
      showsSuppressed: toFlag(search.get(part('suppressed')), usual.showsSuppressed),
    },
    openKey: search.get(part('open')) || undefined,
  }
}

function partOf(panelId: number): (name: string) => string {
  return (name) => `alerts-${panelId}-${name}`
}

function toFlag(text: string | null, usual: boolean): boolean {
  return text === 'true' || (text !== 'false' && usual)
}
