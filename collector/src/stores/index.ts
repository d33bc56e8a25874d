export { memory } from './memory/memory.ts'
