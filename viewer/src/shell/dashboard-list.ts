import { getBackendSrv, isFetchError } from '@grafana/runtime'
import type { Dashboard } from '@grafana/schema'
import { useCallback, useEffect, useState } from 'react'

export type DashboardEntry = { uid: string; title: string; tags: string[] }

type Loaded<T> = { value?: T | undefined; error?: string | undefined }

/** The dashboards this collector serves. */
export function useDashboardList() {
  const load = useCallback(async () => (await get<{ dashboards: DashboardEntry[] }>('/viewer/dashboards')).dashboards, [])
  const { value, error, reload } = useLoaded(load)
  return { dashboards: value, error, reload }
}

/** One dashboard's classic JSON. */
export function useDashboardJson(uid: string) {
  const load = useCallback(() => get<Dashboard>(`/viewer/dashboards/${encodeURIComponent(uid)}`), [uid])
  const { value, error, reload } = useLoaded(load)
  return { dashboard: value, error, reload }
}

function get<T>(url: string): Promise<T> {
  return getBackendSrv().get<T>(url, undefined, undefined, { showErrorAlert: false })
}

/** What a load has brought so far; a later load drops the answer of an earlier one. */
function useLoaded<T>(load: () => Promise<T>) {
  const [loaded, setLoaded] = useState<Loaded<T> & { load?: () => Promise<T> }>({})
  const [attempt, setAttempt] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: an attempt loads the same again.
  useEffect(() => {
    let current = true
    load().then(
      (value) => current && setLoaded({ value, load }),
      (thrown: unknown) => current && setLoaded({ error: toSentence(thrown), load }),
    )
    return () => {
      current = false
    }
  }, [load, attempt])
  const fresh = loaded.load === load ? loaded : {}
  const reload = useCallback(() => setAttempt((count) => count + 1), [])
  return { value: fresh.value, error: fresh.error, reload }
}

function toSentence(thrown: unknown): string {
  if (!isFetchError(thrown)) return thrown instanceof Error ? thrown.message : String(thrown)
  const said = (thrown.data as { error?: { message?: string } } | undefined)?.error?.message
  if (said) return said
  return thrown.status > 0
    ? `The collector answered ${thrown.status} ${thrown.statusText ?? ''}.`
    : 'The collector does not answer. Check that it runs.'
}
