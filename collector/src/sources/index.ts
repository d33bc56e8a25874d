export { host } from './host/host.ts'
export { self } from './self/self.ts'
