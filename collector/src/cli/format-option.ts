import { Option } from 'commander'

export type Format = 'text' | 'json'

/** For commands that list, judge or change something that programs may look at. */
export function formatOption(): Option {
  return new Option('--format <format>', 'for people or for programs').choices(['text', 'json']).default('text')
}

/** Prints an answer whole for programs, or what it says for people. */
export function print(format: Format, answer: object, text: () => string): void {
  console.log(format === 'json' ? JSON.stringify(answer, null, 2) : text())
}
