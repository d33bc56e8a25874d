import { AppError } from '../lib/errors.ts'
import { isOutOfReach } from './collector-client.ts'

/** Does something with one after another. One that is refused does not keep the others from it, and makes the exit code 1. */
export async function forEachId<Answer>(ids: readonly string[], act: (id: string) => Promise<Answer>): Promise<readonly Answer[]> {
  const answers: Answer[] = []
  for (const id of ids) {
    try {
      answers.push(await act(id))
    } catch (thrown) {
      if (!(thrown instanceof AppError) || isOutOfReach(thrown)) throw thrown
      process.stderr.write(`tidewatch: ${thrown.message}\n`)
      process.exitCode = 1
    }
  }
  return answers
}
