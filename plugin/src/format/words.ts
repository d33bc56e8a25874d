/** `1 alert`, `2,500 alerts`. */
export function counted(amount: number, noun: string): string {
  return `${new Intl.NumberFormat('en').format(amount)} ${noun}${amount === 1 ? '' : 's'}`
}

const nameLettersMax = 60

/** A name as far as it tells rules apart at a glance: other systems allow hundreds of letters, and a dialog has room for a few lines. */
export function toShortName(name: string): string {
  const letters = [...name]
  return letters.length > nameLettersMax ? `${letters.slice(0, nameLettersMax - 1).join('')}…` : name
}
