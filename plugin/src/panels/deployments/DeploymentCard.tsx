import { dateTimeFormat, type TimeZone } from '@grafana/data'
import { toDurationText } from '../../format/durations.ts'
import { Facts } from '../../ui/Facts.tsx'
import { StateTag } from '../../ui/StateTag.tsx'
import { statusLooks } from './looks.ts'
import { type DeploymentRow, toDurationMs, toShortCommit } from './view-model.ts'

/** What a glance at a deployment should tell. */
export function DeploymentCard({ row, now, timeZone }: { row: DeploymentRow; now: number; timeZone: TimeZone }) {
  const look = statusLooks[row.status]
  return (
    <Facts
      facts={[
        ['Service', row.service],
        ['Environment', row.environment],
        ['Version', row.previousVersion === '' ? row.version : `${row.version} (was ${row.previousVersion})`],
        ['Status', <StateTag key="status" tone={look.tone} glyph={look.glyph} word={look.word} />],
        ['Reason', row.reason],
        ['By', row.actor],
        ['Started', dateTimeFormat(row.startedAt, { timeZone })],
        ['Finished', row.finishedAt === null ? '' : dateTimeFormat(row.finishedAt, { timeZone })],
        [row.finishedAt === null ? 'Running for' : 'Took', toDurationText(toDurationMs(row, now))],
        ['Commit', toShortCommit(row.commit)],
        ['Steps', row.steps.length > 0 ? String(row.steps.length) : ''],
      ]}
    />
  )
}
