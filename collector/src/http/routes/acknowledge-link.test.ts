import { describe, expect, it } from 'vitest'
import { anAlert, createFakeDoors } from '../fakes/fake-doors.ts'
import { createHttp } from '../server.ts'

function setup() {
  const doors = createFakeDoors()
  const { app } = createHttp(doors)
  const post = async (token: string, form: Record<string, string>) =>
    app.request(`/ack/${token}`, { method: 'POST', body: new URLSearchParams(form).toString() })
  return { doors, get: async (token: string) => app.request(`/ack/${token}`), post }
}

describe('a link in a notification', () => {
  it('shows the alerts and takes nothing, however often it is looked at', async () => {
    const { doors, get } = setup()
    const answer = await get('good')
    const page = await answer.text()
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')])
    expect(page).toContain('Take this alert?')
    expect(page).toContain('CPU of web-1 is at 97 %')
    await get('good')
    expect(doors.acts).toEqual([])
  })

  it('runs and loads nothing, and is kept nowhere', async () => {
    const { get } = setup()
    const { headers } = await get('good')
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'/)
    expect([headers.get('cache-control'), headers.get('x-robots-tag')]).toEqual(['no-store', 'noindex'])
  })

  it('takes them when its form is sent', async () => {
    const { doors, post } = setup()
    const answer = await post('good', { actor: 'jane <b>', comment: 'on it', for: '4h' })
    expect(await answer.text()).toContain('The alert is yours, jane &lt;b&gt;.')
    await post('good', { actor: 'joe', comment: '', for: '' })
    expect(doors.acts).toEqual([
      { ack: anAlert.id, actor: 'jane <b>', comment: 'on it', forMs: 14_400_000 },
      { ack: anAlert.id, actor: 'joe', comment: '' },
    ])
  })

  it('silences each of its alerts by all of its labels, a day at most', async () => {
    const { doors, post } = setup()
    const answer = await post('good', { actor: 'jane', comment: '', for: '2h', act: 'silence' })
    expect(await answer.text()).toContain('The alert tells nobody until')
    await post('good', { actor: 'jane', comment: 'known', for: '', act: 'silence' })
    const [first, second] = doors.alerts.silences.list().slice(-2)
    expect(first).toMatchObject({ createdBy: 'jane', comment: 'silenced by the link of a notification' })
    expect(first?.matchers).toEqual(Object.entries(anAlert.labels).map(([name, value]) => ({ name, value, isRegex: false, isEqual: true })))
    expect([first, second].map((one) => (one?.endsAtMs ?? 0) - doors.clock.now())).toEqual([7_200_000, 86_400_000])
    expect(JSON.stringify(doors.acts)).not.toContain('"ack"')
  })

  it('silences no heap of alerts at once', async () => {
    const { doors, get, post } = setup()
    const many = Array.from({ length: 21 }, (_, index) => ({ ...anAlert, id: String(index) }))
    Object.assign(doors.alerts, { firingIn: () => many })
    expect(await (await get('good')).text()).not.toContain('Silence instead')
    expect((await post('good', { actor: 'jane', act: 'silence' })).status).toBe(400)
  })

  it('refuses a forged one, an old one and a form without a name', async () => {
    const { doors, get, post } = setup()
    for (const [token, why] of [
      ['bad', 'not whole'],
      ['old', 'good for a day'],
    ] as const) {
      const [shown, taken] = [await get(token), await post(token, { actor: 'jane' })]
      expect([shown.status, taken.status, await shown.text()]).toEqual([403, 403, expect.stringContaining(why)])
    }
    for (const form of [{ actor: '' }, { actor: '  ' }, { actor: 'jane', for: '0s' }] as Record<string, string>[]) {
      const answer = await post('good', form)
      expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('<h1>Nothing was done</h1>')])
    }
    expect(doors.acts).toEqual([])
  })

  it('has its form within reach when two thousand alerts fire, the worst of them above it', async () => {
    const { doors, get } = setup()
    const many = Array.from({ length: 2000 }, (_, index) => ({
      ...anAlert,
      id: String(index),
      severity: index === 1999 ? ('critical' as const) : ('info' as const),
      annotations: { summary: `alert ${index}` },
    }))
    Object.assign(doors.alerts, { firingIn: () => many })
    const page = await (await get('good')).text()
    const [above = '', below = ''] = page.split('<form')
    expect(above.match(/<li>/g)).toHaveLength(3)
    expect(above).toMatch(/<li>.*alert 1999</)
    expect(below).toContain('<summary>1997 more alerts</summary>')
    expect(below).toContain('… and 1897 more, which the panel shows.')
  })

  it('says what it is about: value, what changed before and the runbook, if that is a web address', async () => {
    const { doors, get } = setup()
    const told = { value: 97.123456, limit: 'above 90', cause: { summary: 'shop 1.4.2 deployed', rollback: 'deploy shop 1.4.1' } }
    const show = async (runbook_url: string) => {
      const alert = { ...anAlert, ...told, annotations: { runbook_url } }
      Object.assign(doors.alerts, { firingIn: () => [alert] })
      return (await get('good')).text()
    }
    const page = await show('https://wiki.example.org/cpu?a=1&b=2')
    for (const text of ['97.12, limit above 90', 'Changed before: shop 1.4.2 deployed', '<code>deploy shop 1.4.1</code>'])
      expect(page).toContain(text)
    expect(page).toContain('<a href="https://wiki.example.org/cpu?a=1&amp;b=2" rel="noreferrer">Runbook</a>')
    Object.assign(told, { value: 123_456.7, unit: 'B', limit: undefined })
    expect(await show('')).toContain(' · 123457 B · for')
    expect(await show('javascript:alert(1)')).not.toContain('Runbook')
  })

  it('escapes what labels and annotations say', async () => {
    const { doors, get } = setup()
    const evil = { ...anAlert, annotations: { summary: '<script>x</script>' }, labels: { host: '"><img>' } }
    Object.assign(doors.alerts, { firingIn: () => [evil] })
    expect(await (await get('good')).text()).not.toMatch(/<script|<img/)
  })

  it('says when nothing fires any more, and when all is taken', async () => {
    const { doors, get } = setup()
    Object.assign(doors.alerts, {
      firingIn: () => [{ ...anAlert, acknowledgedBy: 'joe' }],
    })
    expect(await (await get('good')).text()).toContain('This alert is taken')
    Object.assign(doors.alerts, { firingIn: () => [] })
    expect(await (await get('good')).text()).toContain('Nothing fires here any more')
  })
})
