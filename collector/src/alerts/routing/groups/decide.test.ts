import { expect, test } from 'vitest'
import type { Severity } from '../../../model/alert.ts'
import type { NotifyEntry } from '../../../model/alert-records.ts'
import { decide } from './decide.ts'

const hour = 3_600_000
const settings = { sendResolved: true, repeatIntervalMs: 4 * hour }
const entry = (told: Partial<NotifyEntry> = {}): NotifyEntry => ({
  groupKey: 'g',
  receiver: 'ops',
  groupLabels: {},
  firing: {},
  resolved: [],
  unsure: [],
  flapping: [],
  thread: null,
  taken: false,
  sentAtMs: 0,
  ...told,
})
/** Told or firing as that severe, all since the same time. */
const since = (severities: Record<string, Severity>, startsAt: string | null = '2026-01-01T00:00:00.000Z') =>
  Object.fromEntries(Object.entries(severities).map(([id, severity]) => [id, { severity, startsAt }]))
const later = '2026-01-01T00:05:00.000Z'
const now = (firing: Record<string, Severity>, resolved: string[] = [], isAcknowledged = false, flapping: string[] = []) => ({
  flapping: new Set(flapping),
  firing: new Map(Object.entries(since(firing))),
  resolved,
  isAcknowledged,
})

test.each([
  ['first notification', 'nothing was told, something fires', undefined, now({ a: 'high' }), hour],
  [null, 'nothing was told, nothing fires', undefined, now({}, ['a']), hour],
  ['first notification', 'an alert fires, and none did when last told', entry({ resolved: ['b'] }), now({ a: 'high' }), hour],
  ['new alerts added', 'another alert fires', entry({ firing: since({ a: 'high' }) }), now({ a: 'high', b: 'high' }), hour],
  ['all alerts resolved', 'nothing fires, something did', entry({ firing: since({ a: 'high' }) }), now({}, ['a']), hour],
  [null, 'nothing fires, nothing did', entry({ resolved: ['a'] }), now({}, ['a']), hour],
  ['some alerts resolved', 'one of two is over', entry({ firing: since({ a: 'high', b: 'high' }) }), now({ a: 'high' }, ['b']), hour],
  [null, 'what is over was told already', entry({ firing: since({ a: 'high' }), resolved: ['b'] }), now({ a: 'high' }, ['b']), hour],
  ['repeat interval elapsed', 'it fires as long as that', entry({ firing: since({ a: 'high' }) }), now({ a: 'high' }), 4 * hour],
  [null, 'it fires, not yet as long', entry({ firing: since({ a: 'high' }) }), now({ a: 'high' }), 4 * hour - 1],
  [
    null,
    'it fires as long as that, and somebody takes care',
    entry({ firing: since({ a: 'high' }) }),
    now({ a: 'high' }, [], true),
    4 * hour,
  ],
  ['new alerts added', 'it became more severe', entry({ firing: since({ a: 'warning' }) }), now({ a: 'critical' }), hour],
  [null, 'it became less severe', entry({ firing: since({ a: 'critical' }) }), now({ a: 'warning' }), hour],
  ['all alerts resolved', 'a try without an answer may have told of it', entry({ unsure: ['a'], sentAtMs: null }), now({}, ['a']), hour],
  [
    'flapping started',
    'it comes and goes, and was not told to',
    entry({ firing: since({ a: 'high' }) }),
    now({ a: 'high' }, [], false, ['a']),
    9 * hour,
  ],
  [
    null,
    'it was told to come and go',
    entry({ firing: since({ a: 'high' }), flapping: ['a'] }),
    now({ a: 'high' }, [], false, ['a']),
    9 * hour,
  ],
  ['flapping stopped', 'it goes on steadily', entry({ firing: since({ a: 'high' }), flapping: ['a'] }), now({ a: 'high' }), hour],
  ['all alerts resolved', 'it came and went, and is over', entry({ firing: since({ a: 'high' }), flapping: ['a'] }), now({}, ['a']), hour],
  ['flapping started', 'nothing was told, and all comes and goes', undefined, now({ a: 'high' }, [], false, ['a']), hour],
  ['new alerts added', 'it ended and began anew since', entry({ firing: since({ a: 'high' }, later) }), now({ a: 'high' }), hour],
  [null, 'nobody knows which episode was told', entry({ firing: since({ a: 'high' }, null) }), now({ a: 'high' }), hour],
  [
    null,
    'it comes and goes as was told',
    entry({ firing: since({ a: 'high' }, later), flapping: ['a'] }),
    now({ a: 'high' }, [], false, ['a']),
    hour,
  ],
  [
    'flapping stopped',
    'it goes on steadily since it began once more',
    entry({ firing: since({ a: 'high' }, later), flapping: ['a'] }),
    now({ a: 'high' }),
    hour,
  ],
  [
    'first notification',
    'a try without an answer may not have told of it',
    entry({ unsure: ['a'], sentAtMs: null }),
    now({ a: 'high' }),
    hour,
  ],
])('says %j when %s', (reason, _when, told, group, nowMs) => {
  expect(decide(told, group, settings, nowMs)).toBe(reason)
})

test('without sendResolved the end of some is not told, but the end of all clears what was told', () => {
  const quiet = { ...settings, sendResolved: false }
  expect(decide(entry({ firing: since({ a: 'high', b: 'high' }) }), now({ a: 'high' }, ['b']), quiet, hour)).toBeNull()
  expect(decide(entry({ firing: since({ a: 'high' }) }), now({}, ['a']), quiet, hour)).toBe('all alerts resolved')
})
