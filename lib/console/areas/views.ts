import type { AnyView } from '../platform/view/define.ts'
import { auditView } from './audit/views/audit.ts'
import { breakerView } from './breakers/views/breaker.ts'
import { breakersView } from './breakers/views/breakers.ts'
import { cacheView } from './caches/views/cache.ts'
import { cacheKeysView } from './caches/views/cache-keys.ts'
import { cachesView } from './caches/views/caches.ts'
import { keyPrefixView } from './caches/views/key-prefix.ts'
import { healthView } from './health/views/health.ts'
import { metricNamesView } from './metrics/views/metric-names.ts'
import { metricsView } from './metrics/views/metrics.ts'
import { seriesView } from './metrics/views/series.ts'
import { sparklinesView } from './metrics/views/sparklines.ts'
import { migrationView } from './migrations/views/migration.ts'
import { migrationsView } from './migrations/views/migrations.ts'
import { overviewView } from './overview/views/overview.ts'
import { jobView } from './queues/views/job.ts'
import { queueView } from './queues/views/queue.ts'
import { queuesView } from './queues/views/queues.ts'
import { bigKeysView, redisServerView, redisView } from './redis/views/redis.ts'
import { runView } from './running/views/run.ts'
import { runningView } from './running/views/running.ts'
import { processView } from './services/views/process.ts'
import { servicesView } from './services/views/services.ts'
import { namesView } from './shell/views/names.ts'
import { shellView } from './shell/views/shell.ts'

/** Every question that can be asked. */
export const views: readonly AnyView[] = [
  overviewView,
  servicesView,
  processView,
  healthView,
  breakersView,
  breakerView,
  redisView,
  redisServerView,
  bigKeysView,
  cachesView,
  cacheView,
  cacheKeysView,
  keyPrefixView,
  queuesView,
  queueView,
  jobView,
  metricsView,
  seriesView,
  metricNamesView,
  migrationsView,
  migrationView,
  runningView,
  runView,
  auditView,
  shellView,
  sparklinesView,
  namesView,
]
