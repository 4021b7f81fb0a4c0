import { type HistoryChart, HistoryCharts } from '@/app/(console)/_parts/series/history-charts'
import { PERCENTILE_HUES } from '@/components/charts/palette'
import type { QueryData, QueryHistory } from '@/lib/console/areas/database/views/query'

interface QueryChartsProps {
  history: QueryHistory
  marks: QueryData['marks']
}

/** Mean, calls and rows of a statement, with deploys and acts. */
export function QueryCharts({ history, marks }: QueryChartsProps) {
  return <HistoryCharts charts={chartsOf(history)} span={history} marks={marks} />
}

const NOT_KEPT = 'Its figures are not kept: it is not among the forty statements that take most of the time.'

function chartsOf({ mean, p95, calls, rows }: QueryHistory): HistoryChart[] {
  return [
    {
      title: 'Time of a call',
      note: p95 ? 'mean as Postgres counts it, p95 as the services measure it' : 'mean',
      lines: [
        { id: 'mean', label: 'mean', hue: 1, values: seconds(mean) },
        ...(p95 ? [{ id: 'p95', label: 'p95', hue: PERCENTILE_HUES.p95, values: seconds(p95) }] : []),
      ],
      unit: 'seconds',
      empty: NOT_KEPT,
    },
    { title: 'Calls', lines: [{ id: 'calls', label: 'calls', hue: 2, values: calls }], suffix: '/s', empty: NOT_KEPT },
    { title: 'Rows', lines: [{ id: 'rows', label: 'rows', hue: 3, values: rows }], suffix: '/s', empty: NOT_KEPT },
  ]
}

const seconds = (ms: QueryHistory['mean']) => ms?.map(value => (value === null ? null : value / 1_000))
