export type { StreamEvent } from '../model/event.ts'
