import type { ChartLine, ChartThreshold } from '@/components/charts/chart-series'
import { formatBytes, formatShort } from '@/components/status/number-format'
import { formatDuration } from '@/components/status/time-format'
import type { Figure, Plot } from '@/lib/console/areas/metrics/views/metrics'

export interface FigureChart {
  id: string
  title: string
  note?: string
  format: (value: number) => string
  lines: readonly (Omit<ChartLine, 'values'> & { id: Figure })[]
  thresholds?: readonly ChartThreshold[]
  /** Where nobody has ever measured it. */
  missing: string
}

export const formatSeconds = (value: number) => formatDuration(value * 1000)

const NO_HTTP =
  'Nobody counts requests here. In a service, httpRequests(metrics).watch(server, routeOf) does, and sampleMetrics brings it to the fleet.'
const NO_VITALS = 'No process has told it in this time.'

/** What is drawn of a service, in the order in which it is asked: is it used, does it fail, is it slow, why. */
export const FIGURE_CHARTS: readonly FigureChart[] = [
  {
    id: 'requests',
    title: 'Requests',
    note: 'a second',
    format: formatShort,
    lines: [{ id: 'requests', label: 'requests' }],
    missing: NO_HTTP,
  },
  {
    id: 'errors',
    title: 'Errors',
    note: '5xx a second',
    format: formatShort,
    lines: [{ id: 'errors', label: 'errors', tone: 'bad' }],
    missing: NO_HTTP,
  },
  {
    id: 'duration',
    title: 'Time to answer',
    format: formatSeconds,
    lines: [
      { id: 'p50', label: 'p50', strength: 'faint' },
      { id: 'p95', label: 'p95', strength: 'middle' },
      { id: 'p99', label: 'p99' },
    ],
    missing: NO_HTTP,
  },
  {
    id: 'lag',
    title: 'Event loop delay',
    note: 'the worst process',
    format: formatSeconds,
    lines: [{ id: 'lag', label: 'delay' }],
    thresholds: [{ value: 0.1, label: 'degraded above 100 ms' }],
    missing: NO_VITALS,
  },
  {
    id: 'memory',
    title: 'Memory',
    format: formatBytes,
    lines: [
      { id: 'rss', label: 'resident' },
      { id: 'heap', label: 'heap', strength: 'faint' },
    ],
    missing: NO_VITALS,
  },
  {
    id: 'cpu',
    title: 'CPU',
    note: 'cores',
    format: formatShort,
    lines: [{ id: 'cpu', label: 'cores' }],
    missing: NO_VITALS,
  },
]

export function linesOf(chart: FigureChart, plot: Plot): ChartLine[] {
  return chart.lines.map(line => ({ ...line, values: plot.values[line.id] }))
}
