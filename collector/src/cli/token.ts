import { randomBytes } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { Command } from 'commander'
import { AppError } from '../lib/errors.ts'
import { hashToken } from '../lib/token-hash.ts'
import { scopes } from '../model/token.ts'

export function tokenCommand(): Command {
  return new Command('token').description('Makes tokens and their hashes for the configuration.').addCommand(create()).addCommand(hash())
}

function create(): Command {
  return new Command('create')
    .description('Makes a new token and prints what belongs into the configuration. The token itself is shown once.')
    .requiredOption('--name <name>', 'who will use it')
    .requiredOption('--scopes <list>', `separated by commas: ${scopes.join(', ')}`)
    .action(({ name, scopes: list }: { name: string; scopes: string }) => {
      const wanted = list.split(',').map((scope) => scope.trim())
      const unknown = wanted.filter((scope) => !(scopes as readonly string[]).includes(scope))
      if (unknown.length > 0)
        throw new AppError('VALIDATION_FAILED', `Unknown scope ${unknown.join(', ')}; there are ${scopes.join(', ')}.`)
      const token = `tw_${randomBytes(24).toString('base64url')}`
      console.log(`Token (give it to ${name}, it is not shown again):\n  ${token}\n`)
      console.log(
        `Add to tokens in tidewatch.yaml:\n  - name: ${JSON.stringify(name)}\n    scopes: [${wanted.join(', ')}]\n    hash: ${hashToken(token)}`,
      )
    })
}

function hash(): Command {
  return new Command('hash').description('Reads a token from standard input and prints its hash.').action(async () => {
    const token = (await text(process.stdin)).trim()
    if (token === '') throw new AppError('VALIDATION_FAILED', 'No token came on standard input.')
    console.log(hashToken(token))
  })
}
