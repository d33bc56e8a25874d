import { LoadingState, type PanelData, type PanelProps } from '@grafana/data'
import { Button } from '@grafana/ui'
import { useDeferredValue, useMemo, useState } from 'react'
import { PanelFrame } from '../../ui/PanelFrame.tsx'
import { PanelMessage } from '../../ui/PanelMessage.tsx'
import { createSeriesKeeper } from '../../ui/panel-state.ts'
import { ActionDialog } from './actions/ActionDialog.tsx'
import { DoneNote } from './actions/DoneNote.tsx'
import { useAlertActions } from './actions/use-alert-actions.ts'
import { AlertDetails } from './details/AlertDetails.tsx'
import { useSelected } from './details/use-selected.ts'
import { AlertFilters } from './filter/AlertFilters.tsx'
import { everything, filterRows, toggle } from './filter/filter.ts'
import { useAddress } from './filter/use-address.ts'
import { AlertList } from './list/AlertList.tsx'
import { AlertTally } from './list/AlertTally.tsx'
import { useLineFocus } from './list/use-line-focus.ts'
import { NoiseView } from './noise/NoiseView.tsx'
import { asksForNoise } from './noise/noise-view.ts'
import { type AlertsOptions, toNames } from './options.ts'
import { ReplayView } from './replay/ReplayView.tsx'
import { createRowReader } from './row-reader.ts'
import { createValueFormat } from './shown-value.ts'
import { SilenceDialog } from './silences/SilenceDialog.tsx'
import { findLinks, toEpisodeKey, toInhibitors, toItems, withOverrides } from './view-model.ts'

/** Alerts, or what their rules asked of people, as the panel's query says. */
export function AlertsPanel(props: PanelProps<AlertsOptions>) {
  return asksForNoise(props.data) ? <NoiseView {...props} /> : <Alerts {...props} />
}

function Alerts(props: PanelProps<AlertsOptions>) {
  const { data, options, width, height, timeZone } = props
  const usual = useMemo(() => ({ ...everything, showsSuppressed: options.showSuppressed }), [options.showSuppressed])
  const { filter, setFilter, openKey, open } = useAddress(props.id, usual)
  const actions = useAlertActions(props)
  // biome-ignore lint/correctness/useExhaustiveDependencies: ages count from the moment these data came.
  const now = useMemo(() => Date.now(), [data])

  const [isReplaying, setIsReplaying] = useState(false)
  const [readRows] = useState(createRowReader)
  const [keepSeries] = useState(createSeriesKeeper)
  const series = useMemo(() => keepSeries(data), [keepSeries, data])

  const rows = useMemo(() => {
    const all = withOverrides(readRows(series), actions.overrides, toAskedAt(data, now))
    return options.showResolved ? all : all.filter((row) => row.state !== 'resolved')
  }, [data, series, now, readRows, actions.overrides, options.showResolved])
  const { groupBy, groupLabel } = options
  // Typing stays ahead of a long list: the letters first, the rows right after.
  const applied = useDeferredValue(filter)
  const items = useMemo(() => toItems(filterRows(rows, applied), groupBy, groupLabel), [rows, applied, groupBy, groupLabel])
  const rootRef = useLineFocus(actions.started && toEpisodeKey(actions.started.row), openKey)
  const labels = useMemo(() => toNames(options.labels), [options.labels])
  const formatValue = useMemo(() => createValueFormat(series), [series])
  const { selected, isGone } = useSelected(rows, openKey)
  const place = width >= 900 ? 'beside' : width < 640 || height < 420 ? 'over' : 'beneath'
  const replayButton = options.showReplay && (
    <Button size="sm" variant="secondary" tooltip="What rules would have sent in this time range" onClick={() => setIsReplaying(true)}>
      Replay
    </Button>
  )

  return (
    <PanelFrame data={data} hasRows={rows.length > 0 || isReplaying} width={width} height={height}>
      {isReplaying ? (
        <ReplayView
          find={actions.find}
          range={data.timeRange}
          timeZone={timeZone}
          refusal={actions.allowed ? undefined : 'A replay needs the role Editor.'}
          onClose={() => setIsReplaying(false)}
        />
      ) : rows.length === 0 ? (
        <PanelMessage title="No alerts" glyph="check">
          <p>Nothing that this panel's query asks for is wrong.</p>
          {replayButton}
        </PanelMessage>
      ) : (
        <>
          {options.showFilters && (
            <AlertFilters narrow={width < 760} rows={rows} labels={labels} filter={filter} onChange={setFilter}>
              {replayButton}
            </AlertFilters>
          )}
          {!options.showFilters && <AlertTally rows={rows}>{replayButton}</AlertTally>}
          {actions.done && <DoneNote key={actions.done.sentence} done={actions.done} onClose={actions.forget} />}
          <div
            ref={rootRef}
            style={{ flex: 1, minHeight: 0, display: 'flex', position: 'relative', flexDirection: place === 'beside' ? 'row' : 'column' }}
          >
            <AlertList
              items={items}
              now={now}
              width={selected && place === 'beside' ? width - 380 : width}
              labels={options.labels}
              formatValue={formatValue}
              filter={applied}
              inert={selected !== undefined && place === 'over'}
              selectedKey={selected && openKey}
              onSelect={(key) => open(key, place === 'over')}
              onAct={options.showActions ? actions.start : undefined}
              mayAct={actions.allowed}
            />
            {selected && (
              <AlertDetails
                row={selected}
                links={findLinks(series, selected)}
                inhibitors={toInhibitors(selected, rows)}
                now={now}
                timeZone={timeZone}
                formatValue={formatValue}
                place={place}
                isGone={isGone}
                onClose={() => open(undefined, false)}
                onAct={options.showActions ? actions.start : undefined}
                refusal={actions.allowed ? undefined : actions.refusal}
                silences={actions.silences}
                mark={actions.mark}
                chosenLabels={filter.labels}
                onLabel={options.showFilters ? (pair) => setFilter({ ...filter, labels: toggle(filter.labels, pair) }) : undefined}
              />
            )}
          </div>
        </>
      )}
      <Dialogs {...actions} />
    </PanelFrame>
  )
}

function Dialogs({ started, actor, run, cancel, silences }: ReturnType<typeof useAlertActions>) {
  if (!started) return null
  const { action, row, others } = started
  if (action !== 'silence') return <ActionDialog action={action} row={row} others={others} actor={actor} run={run} onClose={cancel} />
  return <SilenceDialog rows={[row, ...others]} actor={actor} preview={silences.preview} create={silences.create} onClose={cancel} />
}

/** When data were asked for. A live query asks again within one request, right before its data come. */
function toAskedAt({ state, request }: PanelData, arrivedAt: number): number {
  return state === LoadingState.Streaming ? arrivedAt : (request?.startTime ?? 0)
}
