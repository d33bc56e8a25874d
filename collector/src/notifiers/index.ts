export { log } from './log.ts'
export { webhook } from './webhook.ts'
