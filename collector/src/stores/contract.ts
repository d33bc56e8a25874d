import { afterEach, beforeEach, describe } from 'vitest'
import type { Store } from '../model/store.ts'
import { testAggregates } from './contract/aggregates.ts'
import { testCatalog } from './contract/catalog.ts'
import { testFilters } from './contract/filters.ts'
import { testHistograms } from './contract/histograms.ts'
import { testHostileNames } from './contract/hostile-names.ts'
import { testHostileQueries } from './contract/hostile-queries.ts'
import { testLayout } from './contract/layout.ts'
import type { Subject, Traits } from './contract/subject.ts'
import { testWriting } from './contract/writing.ts'

/**
 * What every store must do, whatever keeps its points. Each test gets a fresh, started store.
 *
 * All expectations are literal, so stores that pass answer alike.
 */
export function testStore(name: string, create: () => Promise<Subject>, traits: Traits = {}): void {
  describe(`store ${name}`, () => {
    let subject: Subject | undefined
    const door = {
      get subject(): Subject {
        if (!subject) throw new Error('the store is asked for outside of a test')
        return subject
      },
      get store(): Store {
        return this.subject.store
      },
    }

    beforeEach(async () => {
      subject = await create()
    })
    afterEach(async () => {
      await subject?.dispose()
      subject = undefined
    })

    testWriting(door, traits)
    testAggregates(door, traits)
    testHistograms(door)
    testLayout(door)
    testFilters(door)
    testCatalog(door)
    testHostileQueries(door)
    testHostileNames(door, traits)
  })
}
