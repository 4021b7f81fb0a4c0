import { sizesQuestion, type TableSize } from '../../../../infrastructure/insight/index.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import { mapPart } from '../../../platform/part/map-part.ts'
import type { Part } from '../../../platform/part/part.ts'
import type { SamplePoint, SampleSource, SeriesKey } from '../../../platform/samples.ts'
import { postgresService, seriesName } from '../../../series/names.ts'
import { Series } from '../../../series/resource.ts'
import type { PostgresServers } from '../../../servers/postgres/servers.ts'
import { tableId } from './entries.ts'

/** How many tables of a server have their size kept: the largest. */
const MOST_KEPT = 50
const DAY = 86_400_000

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

/** Bytes that each of these tables grew by in a day, from kept samples: those that reach back an hour or more, scaled to a day. */
export async function growthOf(
  environment: ConsoleEnvironment,
  database: string,
  tables: readonly string[],
): Promise<Part<ReadonlyMap<string, number>>> {
  const now = Date.now()
  const keys = tables.map(table => sizeSeries(database, table))
  if (keys.length === 0) return { status: 'up', data: new Map(), at: now }
  const read = await environment.of(Series).range(keys, { from: now - DAY, to: now, points: 96 })
  return mapPart(
    read,
    series =>
      new Map(
        series.flatMap(({ series, values, step }) => {
          const at = keys.findIndex(key => key.series === series)
          const known = values.flatMap((value, index) => (value === null ? [] : [{ value, index }]))
          const [first, last] = [known[0], known.at(-1)]
          const table = tables[at]
          if (!first || !last || table === undefined) return []
          const span = (last.index - first.index) * step
          return span < DAY / 24 ? [] : [[table, ((last.value - first.value) * DAY) / span] as const]
        }),
      ),
  )
}
