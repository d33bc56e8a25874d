import { dateTimeFormat } from '@grafana/data'
import { toDurationText, toLatencyText } from '../../format/durations.ts'
import { Facts } from '../../ui/Facts.tsx'
import { StateTag } from '../../ui/StateTag.tsx'
import { stateLooks } from './states.ts'
import type { Cell } from './view-model.ts'

/** All that is known of one cell. */
export function CellCard({ cell, now }: { cell: Cell; now: number }) {
  const look = stateLooks[cell.state]
  return (
    <Facts
      facts={[
        ['Component', cell.component],
        ['Environment', cell.environment],
        ['State', <StateTag key="state" tone={look.tone} glyph={look.glyph} word={look.word} />],
        ['Since', cell.since === null ? '' : `${dateTimeFormat(cell.since)} (${toDurationText(Math.max(0, now - cell.since))})`],
        ['Latency', cell.latencyMs === null ? '' : toLatencyText(cell.latencyMs)],
        ['Says', cell.message],
        ['Probe', cell.checks > 1 ? `${cell.probe}, worst of ${cell.checks}` : cell.probe],
        ['Critical', cell.critical ? 'yes' : ''],
        ['Address', cell.url],
      ]}
    />
  )
}
