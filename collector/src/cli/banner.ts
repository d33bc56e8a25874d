import { resolve } from 'node:path'
import type { Config } from '../config/config.ts'
import { counted } from '../lib/words.ts'

/** What a person wants to know first: where it is, how to send something, where the data lies. */
export function banner(config: Config, url: string): string {
  const hasTokens = config.tokens.length > 0
  const authorization = hasTokens ? ' -H "Authorization: Bearer $TIDEWATCH_TOKEN"' : ''
  const data = config.store.type === 'memory' ? 'in memory, gone when it stops' : resolve(config.data)
  return `
Tidewatch is at ${url}/

First metric:
  curl ${url}/api/v1/push${authorization} -d '{"points":[{"measurement":"orders","tags":{"shop":"eu"},"fields":{"count":1}}]}'

Data:    ${config.store.type}, ${data}
Config:  ${config.file ?? 'defaults (copy tidewatch.example.yaml to tidewatch.yaml to change them)'}
Access:  ${hasTokens ? counted(config.tokens.length, 'token') : 'this machine only, without tokens'}
API:     ${url}/docs

`
}
