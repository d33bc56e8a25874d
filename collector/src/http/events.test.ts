import { expect, it } from 'vitest'
import { silentLog } from '../lib/log.ts'
import type { StreamEvent } from '../model/event.ts'
import { createEvents } from './events.ts'
import { anAlert } from './fakes/fake-doors.ts'

it('tells every listener, whatever another one does, until it leaves', () => {
  const { emit, subscribe } = createEvents(silentLog)
  const heard: StreamEvent[] = []
  subscribe(() => {
    throw new Error('this listener is broken')
  })
  const leave = subscribe((event) => heard.push(event))
  emit({ type: 'alert', alert: anAlert })
  leave()
  emit({ type: 'alert', alert: anAlert })
  expect(heard).toEqual([{ type: 'alert', alert: anAlert }])
})
