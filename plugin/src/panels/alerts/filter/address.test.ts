import { urlUtil } from '@grafana/data'
import { expect, it } from 'vitest'
import { fromAddress, toAddress } from './address.ts'
import { everything } from './filter.ts'

const through = (address: ReturnType<typeof toAddress>) => new URLSearchParams(urlUtil.toUrlParams(address))

it('comes back from an address as it went in, whatever was typed', () => {
  const looked = {
    filter: {
      text: 'queue & "zone=eu" 100 % ümlaut',
      severities: new Set(['critical', 'high'] as const),
      states: new Set(['no_data'] as const),
      labels: new Set(['zone=eu', 'url=http://a/?b=c&d', 'empty=']),
      onlyOpen: true,
      showsSuppressed: false,
    },
    openKey: 'a1 1795231147180',
  }
  expect(fromAddress(5, through(toAddress(5, looked, everything)), everything)).toEqual(looked)
})

it('leaves an address alone while nothing is chosen', () => {
  const parts = Object.values(toAddress(5, { filter: everything, openKey: undefined }, everything))
  expect(parts.filter((part) => part !== undefined)).toEqual([])
})

it('keeps two panels of one dashboard apart', () => {
  const search = through(toAddress(5, { filter: { ...everything, text: 'eu' }, openKey: undefined }, everything))
  expect(fromAddress(6, search, everything)).toEqual({ filter: everything, openKey: undefined })
})

it('passes over what nobody knows', () => {
  const search = new URLSearchParams(
    'alerts-5-severity=apocalyptic&alerts-5-state=toString&alerts-5-label=zone&alerts-5-suppressed=perhaps',
  )
  expect(fromAddress(5, search, everything)).toEqual({ filter: everything, openKey: undefined })
})
