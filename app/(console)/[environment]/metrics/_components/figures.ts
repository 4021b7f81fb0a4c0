import type { ChartLine, ChartThreshold, ChartUnit } from '@/components/charts/chart-series'
import { PERCENTILE_HUES } from '@/components/charts/palette'
import type { Figure, Plot } from '@/lib/console/areas/metrics/views/metrics'

export interface FigureChart {
  id: string
  title: string
  note?: string
  unit?: ChartUnit
  suffix?: string
  lines: readonly (Omit<ChartLine, 'values'> & { id: Figure })[]
  thresholds?: readonly ChartThreshold[]
  /** Where it has never been measured. */
  missing: string
}

const NO_HTTP =
  'No service counts requests here. httpRequests(metrics).watch(server, routeOf) does, and sampleMetrics brings it to the fleet.'
const NO_VITALS = 'No process has reported it in this time.'

/** What is drawn of a service, in the order in which it is asked: is it used, does it fail, is it slow, why. */
export const FIGURE_CHARTS: readonly FigureChart[] = [
  {
    id: 'requests',
    title: 'Requests',
    suffix: '/s',
    lines: [{ id: 'requests', label: 'requests' }],
    missing: NO_HTTP,
  },
  {
    id: 'errors',
    title: 'Errors',
    note: 'status 5xx',
    suffix: '/s',
    lines: [{ id: 'errors', label: 'errors', bad: true }],
    missing: NO_HTTP,
  },
  {
    id: 'duration',
    title: 'Latency',
    unit: 'seconds',
    lines: [
      { id: 'p50', label: 'p50', hue: PERCENTILE_HUES.p50 },
      { id: 'p95', label: 'p95', hue: PERCENTILE_HUES.p95 },
      { id: 'p99', label: 'p99', hue: PERCENTILE_HUES.p99 },
    ],
    missing: NO_HTTP,
  },
  {
    id: 'lag',
    title: 'Event loop delay',
    note: 'the slowest process',
    unit: 'seconds',
    lines: [{ id: 'lag', label: 'delay' }],
    thresholds: [{ value: 0.1, label: 'degraded above 100 ms' }],
    missing: NO_VITALS,
  },
  {
    id: 'memory',
    title: 'Memory',
    unit: 'bytes',
    lines: [
      { id: 'rss', label: 'resident', hue: 1 },
      { id: 'heap', label: 'heap', hue: 3 },
    ],
    missing: NO_VITALS,
  },
  {
    id: 'cpu',
    title: 'CPU',
    suffix: ' cores',
    lines: [{ id: 'cpu', label: 'cores' }],
    missing: NO_VITALS,
  },
]

export function linesOf(chart: FigureChart, plot: Plot): ChartLine[] {
  return chart.lines.map(line => ({ ...line, values: plot.values[line.id] }))
}
