import { FieldType, toDataFrame } from '@grafana/data'
import { describe, expect, it } from 'vitest'
import { toGraphFrames } from './graph-frames.ts'

const time = { name: 'time', type: FieldType.time, values: [1, 2] }

describe('toGraphFrames', () => {
  it('keeps numbers, and draws booleans as steps between 0 and 1', () => {
    const frame = toDataFrame({
      fields: [
        time,
        { name: 'n', type: FieldType.number, values: [5, 6] },
        { name: 'up', type: FieldType.boolean, values: [true, null] },
        { name: 'text', type: FieldType.string, values: ['a', 'b'] },
      ],
    })
    const [graph] = toGraphFrames([frame])
    expect(graph?.fields.map((field) => [field.name, field.type, field.values])).toEqual([
      ['time', 'time', [1, 2]],
      ['n', 'number', [5, 6]],
      ['up', 'number', [1, null]],
    ])
    expect(graph?.fields[2]?.config).toMatchObject({ min: 0, max: 1, custom: { lineInterpolation: 'stepAfter' } })
  })

  it('leaves out what has no time, no number or no row', () => {
    const numbers = { name: 'n', type: FieldType.number, values: [1, 2] }
    expect(toGraphFrames([toDataFrame({ fields: [numbers] })])).toEqual([])
    expect(toGraphFrames([toDataFrame({ fields: [time, { name: 's', type: FieldType.string, values: ['a', 'b'] }] })])).toEqual([])
    expect(
      toGraphFrames([
        toDataFrame({
          fields: [
            { ...time, values: [] },
            { ...numbers, values: [] },
          ],
        }),
      ]),
    ).toEqual([])
  })
})
