import { sizesQuestion, type TableSize } from '../../../../infrastructure/insight/index.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import { mapPart } from '../../../platform/part/map-part.ts'
import type { Part } from '../../../platform/part/part.ts'
import type { SamplePoint, SampleSource, SeriesKey } from '../../../platform/samples.ts'
import { postgresService, seriesName } from '../../../series/names.ts'
import type { RecentSeries } from '../../../series/port.ts'
import { Series } from '../../../series/resource.ts'
import type { PostgresServers } from '../../../servers/postgres/servers.ts'
import { tableId } from './entries.ts'

/** How many tables of a server have their size kept: the largest. */
const MOST_KEPT = 50
const DAY = 86_400_000
const POINTS = 96

export const sizeSeries = (database: string, table: string): SeriesKey => ({
  service: postgresService(database),
  series: seriesName('table_bytes', { table }),
})

/** The size of the largest tables, whenever it was read again: every ten minutes. */
export function tableSizeSource(servers: PostgresServers): SampleSource {
  const sampled = new Map<string, number>()
  return {
    name: 'table-sizes',
    async sample() {
      const readings = await Promise.all(
        servers.servers.map(async server => ({ name: server.name, part: await server.read(sizesQuestion) })),
      )
      return readings.flatMap(({ name, part }): SamplePoint[] => {
        if (part.status !== 'up' || sampled.get(name) === part.at) return []
        sampled.set(name, part.at)
        return largest(part.data).map(size => ({ ...sizeSeries(name, tableId(size)), value: size.totalBytes }))
      })
    },
  }
}

export const largest = (sizes: readonly TableSize[]) =>
  sizes.toSorted((a, b) => b.totalBytes - a.totalBytes).slice(0, MOST_KEPT)

/** Bytes that each of these tables grew by in a day. */
export async function growthOf(
  environment: ConsoleEnvironment,
  database: string,
  tables: readonly string[],
): Promise<Part<ReadonlyMap<string, number>>> {
  const keys = tables.map(table => sizeSeries(database, table))
  return mapPart(
    await lastDay(environment, keys),
    sizes =>
      new Map(
        sizes.flatMap(size => {
          const table = tables[keys.findIndex(key => key.series === size.series)]
          const grew = perDay(size)
          return table === undefined || grew === undefined ? [] : [[table, grew] as const]
        }),
      ),
  )
}

export interface TableGrowth {
  from: number
  to: number
  step: number
  until: number
  /** Equally spaced, oldest first; null where it was not read. Absent: the size of this table is not kept. */
  bytes?: (number | null)[]
  /** Bytes in a day; absent until its samples reach back an hour. */
  perDay?: number
}

/** The size of one table over the last day. */
export async function tableGrowth(
  environment: ConsoleEnvironment,
  database: string,
  table: { schema: string; name: string },
): Promise<Part<TableGrowth>> {
  const read = await lastDay(environment, [sizeSeries(database, tableId(table))])
  return mapPart(read, ([size]) => {
    const to = Date.now()
    const span = { from: to - DAY, to }
    if (!size) return { ...span, step: DAY / POINTS, until: to }
    const { values: bytes, step, until } = size
    const grew = perDay(size)
    return { ...span, step, until, bytes, ...(grew === undefined ? {} : { perDay: grew }) }
  })
}

async function lastDay(environment: ConsoleEnvironment, keys: readonly SeriesKey[]): Promise<Part<RecentSeries[]>> {
  const to = Date.now()
  if (keys.length === 0) return { status: 'up', data: [], at: to }
  return environment.of(Series).range(keys, { from: to - DAY, to, points: POINTS })
}

/** From samples that reach back an hour or more, scaled to a day. */
function perDay({ values, step }: RecentSeries): number | undefined {
  const known = values.flatMap((value, index) => (value === null ? [] : [{ value, index }]))
  const [first, last] = [known[0], known.at(-1)]
  if (!first || !last) return undefined
  const span = (last.index - first.index) * step
  return span < DAY / 24 ? undefined : ((last.value - first.value) * DAY) / span
}
