import './boot/boot-data.ts'
import { start } from './shell/start.tsx'

await start(document.getElementById('root'))
