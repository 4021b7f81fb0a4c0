'use client'

import { useQuery } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useMemo } from 'react'
import { useLive } from '@/app/(console)/_frame/live'
import { viewQuery } from '@/app/(console)/_frame/use-view'
import type { SparklinesData } from '@/lib/console/areas/metrics/views/sparklines'
import type { SeriesKey } from '@/lib/console/platform/samples'
import type { RecentSeries } from '@/lib/console/series/port'

/** An address carries about so many characters of keys; more go into the next one. */
const LONGEST = 4_000

export type Recent =
  | { status: 'up'; series: RecentSeries }
  /** Asked for, and not answered yet. */
  | { status: 'pending' }
  /** It was never measured. */
  | { status: 'unmeasured' }
  | { status: 'down'; reason: string }

/** The last quarter of an hour of each of these series, asked for after the page has painted and again when there is more. */
function useRecent(environment: string, keys: readonly SeriesKey[]): (key: SeriesKey) => Recent {
  const { paused } = useLive()
  const asked = lists(keys)
  const { data, error, isPlaceholderData } = useQuery({
    queryKey: ['view', environment, 'sparklines', asked],
    queryFn: context =>
      Promise.all(
        asked.map(keys =>
          viewQuery<SparklinesData>({ view: 'sparklines', environment, filters: { keys } }).queryFn(context),
        ),
      ),
    // Rows that come or go leave the lines of the others as they are.
    placeholderData: known => known,
    enabled: !paused && asked.length > 0,
  })
  return useMemo(
    () =>
      lookup(
        data?.map(reading => reading.data.series),
        error?.message,
        isPlaceholderData,
      ),
    [data, error, isPlaceholderData],
  )
}

function lookup(
  parts: readonly SparklinesData['series'][] | undefined,
  failed: string | undefined,
  /** These are of other keys, and the ones that are wanted are under way. */
  earlier: boolean,
) {
  const known = new Map<string, RecentSeries>()
  let missing: Recent = { status: earlier ? 'pending' : 'unmeasured' }
  if (!parts) missing = failed ? { status: 'down', reason: failed } : { status: 'pending' }
  for (const part of parts ?? []) {
    if (part.status === 'down') missing = { status: 'down', reason: part.reason }
    else for (const series of part.data) known.set(textOf(series), series)
  }
  return (key: SeriesKey): Recent => {
    const series = known.get(textOf(key))
    return series ? { status: 'up', series } : missing
  }
}

const Context = createContext<(key: SeriesKey) => Recent>(() => ({ status: 'pending' }))

/**
 * Asks for the series of all rows at once, whichever are on screen; a `RowSparkline of={key}` anywhere below draws one of them:
 *
 *     const keyOf = (row: Row) => ({ service: `redis:${row.server}`, series: seriesOf('queue_waiting', { queue: row.name }) })
 *     <Sparklines environment={environment} keys={rows.map(keyOf)}><DataTable … /></Sparklines>
 *     cell: row => <RowSparkline of={keyOf(row)} label="Jobs waiting" />
 */
export function Sparklines({
  environment,
  keys,
  children,
}: {
  environment: string
  keys: readonly SeriesKey[]
  children: ReactNode
}) {
  return <Context value={useRecent(environment, keys)}>{children}</Context>
}

/** One of the series that the `Sparklines` above asked for. */
export function useSparkline(key: SeriesKey): Recent {
  return useContext(Context)(key)
}

/** A series' name as the sampler writes it: labels sorted, in Prometheus' notation. */
export function seriesOf(family: string, labels: Readonly<Record<string, string>>): string {
  const escaped = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')
  const pairs = Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, text]) => `${label}="${escaped(text)}"`)
  return pairs.length === 0 ? family : `${family}{${pairs.join(',')}}`
}

function textOf({ service, series, percentile }: SeriesKey): string {
  return JSON.stringify(percentile === undefined ? [service, series] : [service, series, percentile])
}

/** The keys as texts of an address, in one order whatever the order of the rows, so that sorting a table asks for nothing again. */
function lists(keys: readonly SeriesKey[]): string[] {
  const texts = [...new Set(keys.map(textOf))].sort()
  const result: string[] = []
  let list: string[] = []
  let length = 0
  for (const text of texts) {
    if (list.length > 0 && length + text.length > LONGEST) {
      result.push(`[${list.join(',')}]`)
      list = []
      length = 0
    }
    list.push(text)
    length += encodeURIComponent(text).length
  }
  return list.length === 0 ? result : [...result, `[${list.join(',')}]`]
}
