import { auditView } from './audit.ts'
import { breakerView } from './breaker.ts'
import { breakersView } from './breakers.ts'
import { cacheView } from './cache.ts'
import { cacheKeysView } from './cache-keys.ts'
import { cachesView } from './caches.ts'
import type { AnyView } from './define.ts'
import { healthView } from './health.ts'
import { jobView } from './job.ts'
import { keyPrefixView } from './key-prefix.ts'
import { metricNamesView } from './metric-names.ts'
import { metricsView } from './metrics.ts'
import { migrationView } from './migration.ts'
import { migrationsView } from './migrations.ts'
import { namesView } from './names.ts'
import { overviewView } from './overview.ts'
import { processView } from './process.ts'
import { queueView } from './queue.ts'
import { queuesView } from './queues.ts'
import { bigKeysView, redisServerView, redisView } from './redis.ts'
import { runView } from './run.ts'
import { runningView } from './running.ts'
import { seriesView } from './series.ts'
import { servicesView } from './services.ts'
import { shellView } from './shell.ts'
import { sparklinesView } from './sparklines.ts'

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
