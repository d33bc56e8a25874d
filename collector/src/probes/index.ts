export { heartbeat } from './heartbeat/heartbeat.ts'
export { http } from './http/http.ts'
export { self } from './self/self.ts'
export { tcp } from './tcp/tcp.ts'
