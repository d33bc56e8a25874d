import { describe, expect, it } from 'vitest'
import { toInternalPath } from './intercept-links.ts'

function click(html: string, init: MouseEventInit = {}) {
  document.body.innerHTML = html
  let path: string | undefined
  document.body.addEventListener(
    'click',
    (event) => {
      path = toInternalPath(event)
      event.preventDefault()
    },
    { once: true },
  )
  document.body.querySelector('span')?.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, ...init }))
  return path
}

describe('toInternalPath', () => {
  it('follows a link to a dashboard inside the page', () => {
    expect(click('<a href="/d/tidewatch-alerts?from=now-1h"><span>x</span></a>')).toBe('/d/tidewatch-alerts?from=now-1h')
    expect(click('<a href="d/x"><span>x</span></a>')).toBe('/d/x')
  })

  it.each([
    ['another site', '<a href="https://example.com/d/x"><span>x</span></a>', {}],
    ['the documentation', '<a href="/docs"><span>x</span></a>', {}],
    ['a new tab', '<a href="/d/x" target="_blank"><span>x</span></a>', {}],
    ['a click with the control key', '<a href="/d/x"><span>x</span></a>', { ctrlKey: true }],
    ['no link', '<p><span>x</span></p>', {}],
  ])('leaves %s to the browser', (_what, html, init) => {
    expect(click(html, init)).toBeUndefined()
  })
})
