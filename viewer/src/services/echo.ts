import type { EchoSrv } from '@grafana/runtime'

/** Where Grafana collects usage figures. This page keeps none and sends none. */
export function createEchoSrv(): EchoSrv {
  return {
    flush: () => undefined,
    addBackend: () => undefined,
    addEvent: () => undefined,
    onInteraction: () => () => undefined,
  }
}
