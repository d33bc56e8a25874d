/** What Grafana's packages ask of a browser while they load, and jsdom has not. */

class ResizeObserverStub implements ResizeObserver {
  private readonly callback: ResizeObserverCallback
  constructor(callback: ResizeObserverCallback) {
    this.callback = callback
  }
  observe(): void {
    this.callback([], this)
  }
  unobserve(): void {}
  disconnect(): void {}
}

class IntersectionObserverStub {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

class Path2DStub {}

const quietMatch = (query: string) => ({
  matches: false,
  media: query,
  onchange: null,
  addListener: () => undefined,
  removeListener: () => undefined,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
  dispatchEvent: () => false,
})

const canvasContext = { measureText: (text: string) => ({ width: text.length * 7 }), font: '' }

Object.assign(globalThis, {
  ResizeObserver: ResizeObserverStub,
  IntersectionObserver: IntersectionObserverStub,
  Path2D: Path2DStub,
  matchMedia: quietMatch,
  // Icons are fetched; an empty drawing will do.
  fetch: async () => new Response('<svg xmlns="http://www.w3.org/2000/svg"></svg>', { headers: { 'content-type': 'image/svg+xml' } }),
})
Object.assign(window, { matchMedia: quietMatch })
HTMLCanvasElement.prototype.getContext = (() => canvasContext) as unknown as typeof HTMLCanvasElement.prototype.getContext
globalThis.CSS ??= {} as typeof CSS
CSS.escape ??= (text: string) => text.replace(/["\\]/g, '\\$&')
