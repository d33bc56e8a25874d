import { AppError } from '../../lib/errors.ts'
import { counted } from '../../lib/words.ts'
import { type NativeHistogram, remoteWrite1, remoteWrite2, type Sample, type WrittenSeries } from './messages.ts'

type Request1 = {
  timeseries?: readonly (Partial<Omit<WrittenSeries, 'labels'>> & { labels?: readonly { name?: string; value?: string }[] })[]
}
type Request2 = {
  symbols?: readonly string[]
  timeseries?: readonly { labelsRefs?: readonly number[]; samples?: Sample[]; histograms?: NativeHistogram[]; exemplars?: object[] }[]
}

export function parseRemoteWrite1(message: Uint8Array): WrittenSeries[] {
  const { timeseries = [] } = remoteWrite1.decode('WriteRequest', message) as Request1
  return timeseries.map(({ labels = [], samples = [], histograms = [], exemplars = [] }) => ({
    labels: labels.map(({ name = '', value = '' }) => [name, value] as const),
    samples,
    histograms,
    exemplars,
  }))
}

/** In 2.0, labels are pairs of places in a table of words whose first is empty. */
export function parseRemoteWrite2(message: Uint8Array): WrittenSeries[] {
  const { symbols = [], timeseries = [] } = remoteWrite2.decode('Request', message) as Request2
  if (timeseries.length > 0 && symbols[0] !== '') throw new AppError('BAD_REQUEST', 'The first of the symbols must be the empty text.')
  return timeseries.map(({ labelsRefs = [], samples = [], histograms = [], exemplars = [] }) => {
    if (labelsRefs.length % 2 !== 0)
      throw new AppError('BAD_REQUEST', `labels_refs has ${counted(labelsRefs.length, 'entry', 'entries')}; they come in pairs.`)
    const words = labelsRefs.map((ref) => symbolAt(symbols, ref))
    const labels = words.flatMap((word, index) => (index % 2 === 0 ? [[word, words[index + 1] as string] as const] : []))
    return { labels, samples, histograms, exemplars }
  })
}

function symbolAt(symbols: readonly string[], ref: number): string {
  const symbol = symbols[ref]
  if (symbol === undefined) throw new AppError('BAD_REQUEST', `labels_refs names symbol ${ref}, of ${symbols.length}.`)
  return symbol
}
