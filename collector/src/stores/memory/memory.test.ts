import { expect, it } from 'vitest'
import { createFakeClock } from '../../lib/clock.ts'
import { silentLog } from '../../lib/log.ts'
import { askValues, point, write } from '../contract/subject.ts'
import { testStore } from '../contract.ts'
import { memory } from './memory.ts'

const doors = { log: silentLog, clock: createFakeClock(), fetch, dataDir: '/nowhere' }

async function open(options: { valuesMax?: number; fieldsMax?: number } = {}) {
  const store = memory.create(memory.schema.parse({ type: 'memory', ...options }), doors)
  await store.start()
  return { store, dispose: () => store.stop() }
}

testStore('memory', open)

it('drops the oldest values when it holds more than valuesMax', async () => {
  const { store, dispose } = await open({ valuesMax: 1000 })
  await write(store, ...Array.from({ length: 1000 }, (_, i) => point('m', { host: String(i % 3) }, { v: i }, i)))
  expect(await askValues(store, { aggregate: 'count' })).toEqual([1000])
  await write(store, point('m', {}, { v: 1000 }, 1000))
  expect(await askValues(store, { aggregate: 'count' })).toEqual([900])
  expect(await askValues(store, { aggregate: 'min' })).toEqual([101])
  await dispose()
})

it('refuses the line that would create more fields than fieldsMax', async () => {
  const { store, dispose } = await open({ fieldsMax: 2 })
  const answer = await write(store, point('m', {}, { a: 1, b: 1 }, 0), point('m', {}, { c: 1 }, 0), point('m', {}, { a: 2 }, 1))
  expect(answer.rejected).toEqual([{ line: 2, reason: 'the store is full: it holds 2 fields of series, and store.fieldsMax allows 2' }])
  await dispose()
})
