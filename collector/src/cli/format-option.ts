import { Option } from 'commander'

export type Format = 'text' | 'json'

/** Every command that lists or answers something has it. */
export function formatOption(): Option {
  return new Option('--format <format>', 'for people or for programs').choices(['text', 'json']).default('text')
}
