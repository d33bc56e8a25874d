/** What Grafana's packages ask of a browser while they load, and jsdom lacks. */

class ObserverStub {
  observe() {}
  unobserve() {}
  disconnect() {}
  takeRecords() {
    return []
  }
}

const quietMatch = (media: string) => ({
  matches: false,
  media,
  onchange: null,
  addListener: () => undefined,
  removeListener: () => undefined,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
  dispatchEvent: () => false,
})

Object.assign(globalThis, {
  ResizeObserver: ObserverStub,
  IntersectionObserver: ObserverStub,
  Path2D: class {},
  matchMedia: quietMatch,
})
Object.assign(window, { matchMedia: quietMatch, grafanaBootData: { settings: {}, user: { theme: 'dark' }, navTree: [] } })
HTMLCanvasElement.prototype.getContext = (() => ({ measureText: (text: string) => ({ width: text.length * 7 }), font: '' })) as never
