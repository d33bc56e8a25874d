import type { ChangeNotice } from '../model/change-notice.ts'

/** What receivers are owed, for each of them one after the other. */
export function createChangeQueue() {
  const owed = new Map<string, ChangeNotice[]>()
  const of = (receiver: string): ChangeNotice[] => owed.get(receiver) ?? []

  return {
    sizeOf: (receiver: string): number => of(receiver).length,
    first: (receiver: string): ChangeNotice | undefined => of(receiver)[0],
    /** The one about a change. */
    about: (receiver: string, changeId: string): ChangeNotice | undefined => of(receiver).find((one) => one.changeId === changeId),
    /** Adds a notice, or puts it in place of what it was before; says whether it is new, and its receiver was owed nothing. */
    put(notice: ChangeNotice): boolean {
      const queue = of(notice.receiver)
      owed.set(notice.receiver, queue)
      const place = queue.findIndex(({ id }) => id === notice.id)
      if (place < 0) return queue.push(notice) === 1
      queue.splice(place, 1, notice)
      return false
    },
    remove({ id, receiver }: ChangeNotice): void {
      const rest = of(receiver).filter((one) => one.id !== id)
      if (rest.length > 0) owed.set(receiver, rest)
      else owed.delete(receiver)
    },
  }
}
