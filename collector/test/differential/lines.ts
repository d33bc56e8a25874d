import { createHash } from 'node:crypto'
import type { Random } from './random.ts'

/** A body for `/write`: one line by the grammar, or what a few accidents made of it. */
export type Case = { readonly id: number; readonly body: Buffer; readonly precision: string; readonly mutated: boolean }

const names = ['v', 'load', 'two\\ words', 'a\\,b', 'a\\=b', 'größe', '漢字', 'with\\back', '"quoted"', '_x', '1', 'x.y-z/w', '😀', '#h']
const tagValues = ['a', 'web-1', 'eu\\ west', 'x\\,y', 'x\\=y', 'é', '"q"', '0', '1i', 'true', 'C:\\dir', '\\\\n', '.', '漢']
const floats = ['0', '1', '-1.5', '3.25', '1e3', '1E-3', '2.5e+10', '-0', '.5', '1.', '+1', '00012', '1.7976931348623157e308']
const oddFloats = [
  '5e-324',
  '1e400',
  '-1e400',
  'NaN',
  'nan',
  'Inf',
  '-inf',
  '0x10',
  '1_000',
  '1e',
  '-',
  '--1',
  '1.2.3',
  '9007199254740993',
  '1e-400',
]
const integers = ['0i', '1i', '-1i', '42i', '9223372036854775807i', '-9223372036854775808i', '007i', '-0i']
const oddIntegers = ['9223372036854775808i', '-9223372036854775809i', '1.5i', '1e3i', 'i', '-i', '+1i', '99999999999999999999i', '1I']
const unsigned = ['0u', '1u', '18446744073709551615u', '18446744073709551616u', '-1u']
const booleans = ['t', 'T', 'true', 'True', 'TRUE', 'f', 'F', 'false', 'False', 'FALSE']
const oddBooleans = ['tRUE', 'yes', 'tr', 'Falsee', 'null']
const strings = [
  '""',
  '"text"',
  '"two words"',
  '"a,b=c"',
  '"say \\"hi\\""',
  '"back\\\\slash"',
  '"C:\\new"',
  '"é漢😀"',
  '"line\nbreak"',
  '"\ttab"',
  '"#"',
]
const oddStrings = ['"open', 'open"', '"a"b', "'single'", '"\\"', '"cr\r\nlf"', '"nul\0"']
const times = ['1577836800000000000', '1577836800000000001', '1577923199999999999', '0', '1', '-1']
const oddTimes = ['9223372036854775806', '-9223372036854775806', '9223372036854775807', '-9223372036854775808', '99999999999999999999']
const notTimes = ['007', '+5', '1.5', '1e9', '12a', '-', '0x1', '1577836800000000000i', '"1"']
const precisions = ['n', 'u', 'ms', 's', 'm', 'h']
const timeOf: Readonly<Record<string, readonly string[]>> = {
  u: ['1577836800000000', '-1'],
  ms: ['1577836800000', '9223372036854'],
  s: ['1577836800', '9223372037'],
  m: ['26297280', '-153722867'],
  h: ['438288', '2562048'],
}

/** Names the case where no accident to one byte makes another case's name of it. */
const measurementOf = (seed: number, id: number) => `m${createHash('sha256').update(`${seed}/${id}`).digest('hex').slice(0, 8)}`

/** As many cases as asked for, half of them as the grammar allows, with a few values at its edges. */
export function createCases(seed: number, count: number, random: Random): Case[] {
  return Array.from({ length: count }, (_, id) => {
    const precision = random.chance(0.85) ? 'n' : random.pick(precisions)
    const line = Buffer.from(createLine(measurementOf(seed, id), precision, random))
    const mutated = random.chance(0.5)
    return { id, precision, mutated, body: mutated ? mutate(line, random) : line }
  })
}

function createLine(name: string, precision: string, random: Random): string {
  const odd = random.chance(0.2)
  const measurement = `${name}${random.chance(0.2) ? random.pick(names) : ''}`
  const tags = distinct(random.below(4), random).map((key) => `,${key}=${random.pick(tagValues)}`)
  const fields = distinct(1 + random.below(4), random).map((key) => `${key}=${createValue(odd, random)}`)
  const before = odd && random.chance(0.2) ? random.pick([' ', '  ', '\t', '\n', '# comment\n', '\r\n', '#']) : ''
  const gap = odd && random.chance(0.2) ? random.pick(['  ', '\t', ' \t']) : ' '
  const end = random.pick(odd ? ['', '\n', '\r\n', ' ', ' \n', '\n\n', '\r', '\t\n', '\n#x'] : ['', '\n'])
  return `${before}${measurement}${tags.join('')}${gap}${fields.join(',')}${createTime(odd, precision, random)}${end}`
}

function distinct(count: number, random: Random): string[] {
  return [...new Set(Array.from({ length: count }, () => (random.chance(0.01) ? 'time' : random.pick(names))))]
}

function createValue(odd: boolean, random: Random): string {
  const kinds = odd
    ? [floats, oddFloats, integers, oddIntegers, unsigned, booleans, oddBooleans, strings, oddStrings]
    : [floats, floats, integers, booleans, strings]
  return random.pick(random.pick(kinds))
}

function createTime(odd: boolean, precision: string, random: Random): string {
  if (random.chance(0.2)) return ''
  if (odd && random.chance(0.3)) return ` ${random.pick(random.pick([oddTimes, notTimes]))}`
  return ` ${random.pick(timeOf[precision] ?? times)}`
}

const bytesThatMatter = [...Buffer.from(', =\\"\n\r\t\0#tfi-.eu0'), 0x7f, 0x80, 0xc3, 0xff]

const accidents: readonly ((line: Buffer, at: number, random: Random) => Buffer)[] = [
  (line, at, random) => joined(line.subarray(0, at), Buffer.from([(line[at] ?? 0) ^ (1 << random.below(8))]), line.subarray(at + 1)),
  (line, at, random) => joined(line.subarray(0, at), Buffer.from([random.pick(bytesThatMatter)]), line.subarray(at + 1)),
  (line, at, random) => joined(line.subarray(0, at), Buffer.from([random.pick(bytesThatMatter)]), line.subarray(at)),
  (line, at) => joined(line.subarray(0, at), line.subarray(at + 1)),
  (line, at) => line.subarray(0, at),
  (line, at) => line.subarray(at % 4),
  (line, at, random) => joined(line.subarray(0, at + 1 + random.below(12)), line.subarray(at)),
]
const joined = (...parts: Uint8Array[]) => Buffer.concat(parts)

function mutate(line: Buffer, random: Random): Buffer {
  let mutated = line
  for (let left = 1 + random.below(2); left > 0 && mutated.length > 1; left--) {
    mutated = random.pick(accidents)(mutated, random.below(mutated.length), random)
  }
  return mutated
}
