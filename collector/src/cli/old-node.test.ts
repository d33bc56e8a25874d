import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const program = fileURLToPath(new URL('../../bin/tidewatch.js', import.meta.url))
const pretendToBe20 = "data:text/javascript,Object.defineProperty(process,'versions',{value:{node:'20.20.2'}})"

it('says in a sentence that it needs another Node, where one would stop at a line that it cannot read', () => {
  const start = () => execFileSync(process.execPath, ['--import', pretendToBe20, program, '--version'], { stdio: 'pipe' })
  expect(start).toThrow(/Node 24 is needed/)
})
