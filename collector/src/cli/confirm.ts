import { createInterface } from 'node:readline/promises'
import { AppError } from '../lib/errors.ts'

/** Asks a person, and takes anything but a yes for a no. Where nobody sits, `--yes` must have been given. */
export async function isConfirmed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new AppError('VALIDATION_FAILED', `${question} Nobody can be asked here: add --yes.`)
  const prompt = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await prompt.question(`${question} [y/N] `).finally(() => prompt.close())
  return /^y(es)?$/i.test(answer.trim())
}
