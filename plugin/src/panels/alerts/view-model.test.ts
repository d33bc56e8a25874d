import { describe, expect, it } from 'vitest'
import type { Alert } from '../../../../collector/src/contract/alerts.ts'
import { toFrameOfRows } from '../../../test/frames.ts'
import { migrateOptions } from './options.ts'
import { createRowReader } from './row-reader.ts'
import { suggestAlerts } from './suggestions.ts'
import { toAgeMs, toInhibitors, toItems, withOverrides } from './view-model.ts'

const alert = (id: string, more: Record<string, unknown> = {}) => ({
  id,
  rule: 'High CPU',
  severity: 'warning',
  state: 'firing',
  labels: '{"host":"a","severity":"warning"}',
  summary: 'busy',
  value: 93.2,
  startsAt: 1000,
  endsAt: null,
  acknowledgedBy: null,
  acknowledgeComment: null,
  cause: null,
  annotations: '{}',
  ...more,
})
const rowsOf = (...alerts: Record<string, unknown>[]) => createRowReader()([toFrameOfRows(alerts)])

describe('toRow', () => {
  it('reads labels and annotations out of their JSON', () => {
    expect(rowsOf(alert('a'))[0]).toMatchObject({
      id: 'a',
      labels: { host: 'a', severity: 'warning' },
      acknowledgedBy: '',
      endsAt: null,
      value: 93.2,
    })
  })

  it('keeps an alert whose labels are broken or whose severity is new', () => {
    expect(rowsOf(alert('a', { labels: '{', severity: 'apocalyptic' }))[0]).toMatchObject({ labels: {}, severity: 'warning' })
  })
})

describe('toItems', () => {
  const rows = rowsOf(
    alert('old', { severity: 'critical', startsAt: 1000 }),
    alert('over', { severity: 'critical', state: 'resolved', startsAt: 9000 }),
    alert('new', { severity: 'critical', startsAt: 5000 }),
    alert('info', { severity: 'info' }),
    alert('waiting', { severity: 'critical', state: 'pending', startsAt: 9000 }),
  )

  it('sorts by urgency, then by youth, with what is over last', () => {
    expect(toItems(rows, 'none').map((item) => item.kind === 'alert' && item.row.id)).toEqual(['new', 'old', 'waiting', 'info', 'over'])
  })

  it('puts what waits for somebody before what somebody has or nobody hears of', () => {
    const three = rowsOf(
      alert('hers', { acknowledgedBy: 'jane', startsAt: 9000, status: 'active' }),
      alert('quiet', { status: 'suppressed', startsAt: 8000 }),
      alert('open', { startsAt: 1000 }),
      alert('better', { severity: 'info', startsAt: 9000 }),
    )
    const items = toItems(three, 'severity')
    expect(items.flatMap((item) => (item.kind === 'alert' ? [item.row.id] : []))).toEqual(['open', 'hers', 'quiet', 'better'])
    expect(items.flatMap((item) => (item.kind === 'group' ? [item.open.map(({ id }) => id)] : []))).toEqual([['open'], ['better']])
  })

  it('keeps the places of alerts that are alike, in whatever order they come', () => {
    const alike = ['c', 'a', 'b'].map((id) => alert(id))
    const idsOf = (items: ReturnType<typeof toItems>) => items.map((item) => item.kind === 'alert' && item.row.id)
    expect(idsOf(toItems(rowsOf(...alike), 'none'))).toEqual(idsOf(toItems(rowsOf(...alike.reverse()), 'none')))
  })

  it('puts a heading with its count before each group', () => {
    const headings = toItems(rows, 'severity').flatMap((item) => (item.kind === 'group' ? [`${item.title} ${item.count}`] : []))
    expect(headings).toEqual(['Critical 3', 'Info 1', 'Resolved 1'])
  })

  it('counts the severities of what holds in a group, unless they make the groups', () => {
    const severitiesOf = (groupBy: 'rule' | 'severity') =>
      toItems(rows, groupBy).flatMap((item) => (item.kind === 'group' ? [item.severities] : []))
    expect(severitiesOf('rule')).toEqual([
      [
        ['critical', 3],
        ['info', 1],
      ],
    ])
    expect(severitiesOf('severity')).toEqual([[], [], []])
  })

  it('gives every line a key of its own, even two episodes of one alert', () => {
    const twice = rowsOf(alert('a', { startsAt: 1 }), alert('a', { startsAt: 2 }))
    expect(new Set(toItems(twice, 'rule').map((item) => item.key)).size).toBe(3)
  })
})

describe('withOverrides', () => {
  const answered = {
    state: 'firing',
    severity: 'warning',
    value: 93.2,
    endsAt: null,
    acknowledgedBy: 'jane',
    acknowledgeComment: 'mine',
  } as Alert
  const overrides = new Map([['a 1000', { alert: answered, at: 5000 }]])

  it('shows the answer to an action until data come that were asked for later', () => {
    expect(withOverrides(rowsOf(alert('a')), overrides, 4999)[0]?.acknowledgedBy).toBe('jane')
    expect(withOverrides(rowsOf(alert('a')), overrides, 5001)[0]?.acknowledgedBy).toBe('')
  })

  it('touches no other alert', () => {
    expect(withOverrides(rowsOf(alert('b')), overrides, 0)[0]?.acknowledgedBy).toBe('')
  })
})

it('names what keeps an alert back, and whose alert it is', () => {
  const rows = rowsOf(alert('a', { inhibitedBy: 'b, gone', source: 'grafana' }), alert('b', { rule: 'Down', summary: 'all of eu' }))
  expect(rows.map((row) => toInhibitors(row, rows))).toEqual(['Down: all of eu; gone', ''])
  expect(rows.map(({ source }) => source)).toEqual(['grafana', ''])
})

it('counts the age to now or to the end', () => {
  expect(toAgeMs({ startsAt: 1000, endsAt: null }, 5000)).toBe(4000)
  expect(toAgeMs({ startsAt: 1000, endsAt: 2000 }, 5000)).toBe(1000)
  expect(toAgeMs({ startsAt: null, endsAt: null }, 5000)).toBeNull()
})

it('puts nonsense in options right, and suggests itself for alerts only', () => {
  expect(migrateOptions({ groupBy: 'moon' as never }).groupBy).toBe('severity')
  expect(suggestAlerts({ rawFrames: [toFrameOfRows([alert('a')])] })).toHaveLength(1)
  expect(suggestAlerts({ rawFrames: [toFrameOfRows([{ id: 'x' }])] })).toEqual([])
})
