/** Packs bytes as Snappy without packing them: one literal. For tests of what unpacks. */
export function packLiterally(content: Uint8Array): Uint8Array {
  const head: number[] = []
  let rest = content.length
  for (; rest >= 128; rest = Math.floor(rest / 128)) head.push((rest % 128) + 128)
  head.push(rest)
  if (content.length === 0) return Uint8Array.from(head)
  const last = content.length - 1
  const tag = [62 << 2, last & 255, (last >> 8) & 255, (last >> 16) & 255]
  return Uint8Array.from([...head, ...tag, ...content])
}
