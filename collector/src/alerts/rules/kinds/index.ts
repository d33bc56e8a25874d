export { absent } from './absent.ts'
export { changed } from './changed.ts'
export { ratio } from './ratio.ts'
export { threshold } from './threshold.ts'
