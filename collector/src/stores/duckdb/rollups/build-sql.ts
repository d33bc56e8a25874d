import { floorTo, type Level } from '../../shared/rollups/levels.ts'
import { tableOf } from './table-of.ts'
import { toNs, type WindowColumn } from './window-rows.ts'

/** What `fromRaw` reads of each value. */
export const rawColumns: readonly WindowColumn[] = ['fid', 'time', 'first']

/** What `fromWindows` reads of each finer window. */
export const windowColumns: readonly WindowColumn[] = [
  ...(['fid', 'count', 'sum', 'min', 'max', 'first', 'first_time', 'last', 'last_time', 'increase'] as const),
]

/** How long before a stretch a field is looked at to tell whether it counts. */
const lookBackMs = 3_600_000

/** The window of a time, as SQL. Whole division rounds towards zero, so it starts from before all times. */
function windowOf(time: string, { widthMs }: Level, fromMs: number): string {
  const base = toNs(floorTo(fromMs, widthMs))
  return `(${time} - (${base})) // ${toNs(widthMs)} * ${toNs(widthMs)} + (${base})`
}

/**
 * Windows of raw values.
 *
 * The growth of a counter needs the values in order, which costs as much as everything else. So it
 * is only added up for fields that look like counters: they never fell in this stretch, or they were
 * counters in the hour before; and at most one fall in a window is a restart. For others `increase`
 * stays empty, and a query that wants it reads raw values.
 */
export function fromRaw(rows: string, level: Level, fromMs: number): string {
  return `WITH placed AS (SELECT ${windowOf('time', level, fromMs)} AS w, time AS t, fid, "first" AS v FROM ${rows}),
    base AS MATERIALIZED (
      SELECT w, fid, count(*)::UINTEGER AS count, sum(v) AS sum, min(v) AS min, max(v) AS max, arg_min(v, t) AS "first",
        min(t) - w AS first_after, arg_max(v, t) AS "last", max(t) - w AS last_after
      FROM placed GROUP BY w, fid
    ),
    counters AS (
      SELECT fid FROM base GROUP BY fid HAVING bool_and("first" = min AND "last" = max) AND bool_or(min < max)
      UNION SELECT fid FROM "${tableOf(level)}"
        WHERE time >= ${toNs(fromMs - lookBackMs)} AND time < ${toNs(fromMs)} AND increase IS NOT NULL AND min < max
    ),
    pairs AS (
      SELECT w, fid, v, lag(v) OVER (PARTITION BY fid, w ORDER BY t) AS v_before FROM placed SEMI JOIN counters USING (fid)
    ),
    growth AS (
      SELECT w, fid, sum(${stepOf('v', 'v_before')}) AS increase FROM pairs GROUP BY w, fid
      HAVING count(*) FILTER (v < v_before) <= 1
    )
    SELECT w AS time, fid, count, sum, min, max, "first", first_after, "last", last_after,
      CASE WHEN min = max THEN 0 ELSE growth.increase END AS increase
    FROM base LEFT JOIN growth USING (w, fid)`
}

/** Windows of finer windows, and of raw values in between: each of those is a window of its own. */
export function fromWindows(rows: string, level: Level, fromMs: number): string {
  return `WITH placed AS (SELECT *, ${windowOf('first_time', level, fromMs)} AS w FROM ${rows}),
    pairs AS (SELECT *, lag("last") OVER (PARTITION BY fid, w ORDER BY first_time) AS last_before FROM placed)
    SELECT w AS time, fid, sum(count)::UINTEGER AS count, sum(sum) AS sum, min(min) AS min, max(max) AS max,
      arg_min("first", first_time) AS "first", min(first_time) - w AS first_after,
      arg_max("last", last_time) AS "last", max(last_time) - w AS last_after,
      CASE WHEN count(increase) = count(*) THEN sum(increase) + coalesce(sum(${stepOf('"first"', 'last_before')}), 0) END AS increase
    FROM pairs GROUP BY w, fid`
}

/** What a counter grew by between two values: one that fell began anew at zero. Empty without a value before. */
export function stepOf(value: string, before: string): string {
  return `CASE WHEN ${value} >= ${before} THEN ${value} - ${before} WHEN ${before} IS NOT NULL THEN ${value} END`
}
