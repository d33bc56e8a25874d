import { describe, expect, it } from 'vitest'
import { readSecretFiles } from './secret-files.ts'

const sections = { receivers: () => ['name', 'url', 'token', 'certFile'], store: () => ['password'] }
const read = (path: string) => {
  if (path === '/gone') throw new Error('no such file')
  return `secret of ${path}\n`
}

describe('secrets in files', () => {
  it('are read in place of the secret itself', () => {
    const { data, problems } = readSecretFiles(
      { receivers: [{ name: 'a', tokenFile: '/t' }], store: { passwordFile: '/p' } },
      sections,
      read,
    )
    expect(data).toEqual({ receivers: [{ name: 'a', token: 'secret of /t' }], store: { password: 'secret of /p' } })
    expect(problems).toEqual([])
  })

  it('leave alone what the kind knows as a file, and what nobody knows', () => {
    const given = { receivers: [{ certFile: '/c', coulorFile: '/x' }], other: { tokenFile: '/t' } }
    expect(readSecretFiles(given, sections, read).data).toEqual(given)
  })

  it('are refused beside the secret itself, or when they cannot be read', () => {
    const { problems } = readSecretFiles({ receivers: [{ token: 'x', tokenFile: '/t' }, { urlFile: '/gone' }] }, sections, read)
    expect(problems).toEqual([
      { path: ['receivers', 0, 'tokenFile'], message: 'give token or tokenFile, not both' },
      { path: ['receivers', 1, 'urlFile'], message: 'cannot read /gone: no such file' },
    ])
  })
})
