import { expect, test } from 'vitest'
import type { Deployment } from '../model/deployment.ts'
import { deploymentsSchema, rollbackOf } from './rollback.ts'

const change = {
  ...{ kind: 'deployment', service: 'shop', environment: 'production', version: '2', previousVersion: '1', rollback: null },
} as Deployment
const templates = { shop: 'deploy shop {{previousVersion}}', '*': 'undo {{service}} {{{version}}}' }

test('what came with the record goes before the template of the service, and that before the one for all', () => {
  expect(rollbackOf({ ...change, rollback: 'make undo' }, templates)).toBe('make undo')
  expect(rollbackOf(change, templates)).toBe('deploy shop 1')
  expect(rollbackOf({ ...change, service: 'web' }, templates)).toBe('undo web 2')
  expect(rollbackOf(change, {})).toBeNull()
})

test('there is no command without a version before, and none for a flag from a template', () => {
  expect(rollbackOf({ ...change, previousVersion: null }, templates)).toBeNull()
  expect(rollbackOf({ ...change, kind: 'flag' }, templates)).toBeNull()
})

test('values that a shell would read are quoted, for people paste the line', () => {
  expect(rollbackOf({ ...change, previousVersion: `1; rm -rf 'x'` }, templates)).toBe(`deploy shop '1; rm -rf '\\''x'\\'''`)
})

test('a template that cannot be read is refused with the reason', () => {
  expect(deploymentsSchema.safeParse({ rollback: { shop: '{{#a}}' } }).error?.issues[0]?.message).toContain('is no template')
})
