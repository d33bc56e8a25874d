import { expect, it } from 'vitest'
import { toLinksOfAlert } from './links-of-alert.ts'

it('leads to the runbook first, then to other pages and to the change before', () => {
  const annotations = { dashboard: 'https://example.com/d/x', note: 'see https://example.com', runbook_url: 'https://example.com/down' }
  expect(toLinksOfAlert({ annotations, causeLinks: [['its commits', 'https://example.com/compare']] })).toEqual([
    { title: 'Runbook', href: 'https://example.com/down' },
    { title: 'dashboard', href: 'https://example.com/d/x' },
    { title: 'its commits', href: 'https://example.com/compare' },
  ])
})

it('makes no link of an address that could run something', () => {
  const annotations = { runbook: 'javascript:alert(1)', page: 'data:text/html,x' }
  expect(toLinksOfAlert({ annotations, causeLinks: [['the change before', 'file:///etc/passwd']] })).toEqual([])
})
