import type { Rows } from '../append.ts'
import type { WrittenRows } from './block.ts'

const noRows = (values: Rows['values']): Rows => ({ length: 0, times: new BigInt64Array(0), fids: new Int32Array(0), values })

/** A write without rows, to which a test adds its own. */
export const emptyWrite: WrittenRows = {
  added: [],
  rows: {
    float: noRows(new Float64Array(0)),
    integer: noRows(new BigInt64Array(0)),
    unsigned: noRows(new BigUint64Array(0)),
    boolean: noRows(new Uint8Array(0)),
    string: noRows([]),
  },
}

/** A write of floats. */
export function toWritten(...rows: readonly (readonly [fid: number, time: number, value: number])[]): WrittenRows {
  const float = {
    length: rows.length,
    fids: Int32Array.from(rows, ([fid]) => fid),
    times: BigInt64Array.from(rows, ([, time]) => BigInt(time)),
    values: Float64Array.from(rows, ([, , value]) => value),
  }
  return { ...emptyWrite, rows: { ...emptyWrite.rows, float } }
}
