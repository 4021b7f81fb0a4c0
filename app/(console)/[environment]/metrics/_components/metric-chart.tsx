'use client'

import { useState } from 'react'
import type { UrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { GapNotice } from '@/app/(console)/_parts/series/gap-notice'
import { type ChartLine, type ChartUnit, stepsOf } from '@/components/charts/chart-series'
import { beginWithData, gapsOf } from '@/components/charts/gaps'
import { PERCENTILE_HUES } from '@/components/charts/palette'
import { TimeChart } from '@/components/charts/time-chart'
import type { SeriesData } from '@/lib/console/areas/metrics/views/series'
import type { SeriesKind } from '@/lib/console/series/port'
import { ScaleControl, scaleOf } from './chart-controls'
import { KIND } from './registered-metrics'
import { goTo } from './span-controls'

export type KnownMetric = Extract<SeriesData['series'], { status: 'up' }>['data']

/** All label sets of a metric together; of a histogram its percentiles. */
export function MetricChart({ data, span, url }: { data: KnownMetric; span: SeriesData['span']; url: UrlFilters }) {
  'use memo'
  const [hovered, setHovered] = useState<number>()
  const { name, kind = 'gauge', plot } = data
  const lines = linesOf(data)
  const { time, begins } = beginWithData(lines, { from: span.from, to: span.to, step: plot.step, until: plot.until })
  const { unit, suffix } = kind === 'spread' ? { unit: 'seconds' as const, suffix: undefined } : unitOf(name, kind)
  return (
    <div>
      <div className="flex justify-end px-4 pb-2">
        <ScaleControl url={url} />
      </div>
      {stepsOf(lines) === 0 ? null : (
        <GapNotice begins={begins} gaps={gapsOf(lines, time).filter(({ from }) => from >= (begins ?? 0))} />
      )}
      <TimeChart
        title={kind === 'spread' ? 'Percentiles' : 'All label sets together'}
        note={KIND[kind]}
        lines={lines}
        unit={unit}
        suffix={suffix}
        scale={scaleOf(url)}
        time={time}
        height={208}
        empty="It was not measured in this time."
        hovered={hovered}
        onHover={setHovered}
        onZoom={(from, to) => goTo(url, from, to)}
      />
    </div>
  )
}

function linesOf({ kind, plot: { values } }: KnownMetric): ChartLine[] {
  if (kind !== 'spread') return [{ id: 'value', label: 'value', values: values.value }]
  return (['p50', 'p95', 'p99'] as const).map(id => ({ id, label: id, hue: PERCENTILE_HUES[id], values: values[id] }))
}

/** Prometheus' names end with their unit; counters are kept as what they count in a second. */
export function unitOf(name: string, kind: SeriesKind): { unit: ChartUnit; suffix?: string } {
  const family = name.split('{')[0] ?? name
  const perSecond = kind === 'rate' || kind === 'spread'
  if (family.endsWith('_cores')) return { unit: 'number', suffix: ' cores' }
  if (perSecond) return { unit: 'number', suffix: '/s' }
  if (family.endsWith('_seconds')) return { unit: 'seconds' }
  return { unit: family.endsWith('_bytes') ? 'bytes' : 'number' }
}
