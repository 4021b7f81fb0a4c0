import type { AnyOperation } from '../platform/operation/define.ts'
import type { Run } from '../platform/operation/wire.ts'
import { mapPart } from '../platform/part/map-part.ts'
import type { Part } from '../platform/part/part.ts'
import type { SeriesReader } from './port.ts'
import { MINUTE } from './steps.ts'

/** How much time before and after an act is shown (ms). */
const AROUND = 5 * MINUTE

/** Figures around a finished act. Averages are of what was measured; null where nothing was, or not yet. */
export interface Effect {
  from: number
  to: number
  figures: {
    label: string
    bad: boolean
    values: (number | null)[]
    /** The step in which the act began, as an index into the values. */
    mark: number
    before: number | null
    after: number | null
  }[]
}

/** The figures that an act affects, before and after it; undefined when it affects none or is not over. */
export async function effectOf(
  run: Run,
  operation: AnyOperation | undefined,
  series: SeriesReader,
): Promise<Part<Effect> | undefined> {
  const { startedAt, finishedAt } = run
  if (finishedAt === undefined || !operation?.affects) return
  const input = operation.input.safeParse(run.input)
  if (!input.success) return
  const affected = operation.affects(input.data)
  const [from, to] = [startedAt - AROUND, finishedAt + AROUND]
  const found = await series.range(affected, { from, to, points: (to - from) / 10_000 })
  return mapPart(found, list => ({
    from,
    to,
    figures: list.map(({ service, series: name, values, step, until }) => {
      const begin = until - values.length * step
      const mark = Math.min(values.length - 1, Math.max(0, Math.floor((startedAt - begin) / step)))
      // The step in which it ended contains both before and after.
      const over = Math.floor((finishedAt - begin) / step) + 1
      const figure = affected.find(one => one.series === name && one.service === service)
      const unmeasured = Math.max(0, Math.ceil((to - until) / step))
      return {
        label: figure?.label ?? name,
        bad: figure?.bad ?? false,
        // Empty steps for the time still to come, so that the line grows into them.
        values: [...values, ...Array.from({ length: unmeasured }, () => null)],
        mark,
        before: mean(values.slice(0, mark)),
        after: mean(values.slice(over)),
      }
    }),
  }))
}

function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter(value => value !== null)
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length
}
