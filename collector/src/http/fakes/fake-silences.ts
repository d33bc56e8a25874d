import type { SilenceDesk } from '../../alerts/alerts.ts'
import { AppError } from '../../lib/errors.ts'
import type { Silence } from '../../model/silence.ts'

/** A desk for tests of the routes: it keeps what it is given and checks nothing. */
export function createFakeSilences(): SilenceDesk {
  const known = new Map<string, Silence>()
  const get = (id: string): Silence => {
    const silence = known.get(id)
    if (!silence) throw new AppError('NOT_FOUND', `There is no silence ${id}.`)
    return silence
  }
  return {
    list: () => [...known.values()],
    get,
    set({ id = `s${known.size + 1}`, startsAtMs = 0, annotations = {}, untilDeployment = null, ...wish }) {
      const silence = { ...wish, id, startsAtMs, annotations, untilDeployment, updatedAtMs: 0 }
      known.set(id, silence)
      return silence
    },
    expire(id) {
      const silence = { ...get(id), endsAtMs: 0 }
      known.set(id, silence)
      return silence
    },
    preview: (_matchers, days) => ({ alerts: [], days, notificationsSuppressed: 0, notificationsShortened: 0, notificationsTotal: 0 }),
    endWith() {},
  }
}
