export { host } from './host/host.ts'
export { scrape } from './scrape/scrape.ts'
export { self } from './self/self.ts'
