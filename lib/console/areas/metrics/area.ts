import { defineArea } from '../../platform/area/define.ts'
import { Series } from '../../series/resource.ts'
import { metricNamesView } from './views/metric-names.ts'
import { metricsView } from './views/metrics.ts'
import { requestsView } from './views/requests.ts'
import { seriesView } from './views/series.ts'
import { sparklinesView } from './views/sparklines.ts'

export const metricsArea = defineArea({
  id: 'metrics',
  title: 'Metrics',
  page: { group: 'observe', icon: 'chart-line', shortcut: 'm' },
  permissions: { 'metric:read': 'viewer' },
  topics: { series: 'metric:read' },
  resources: [Series],
  views: [metricsView, requestsView, seriesView, metricNamesView, sparklinesView],
})
