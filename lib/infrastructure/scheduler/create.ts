import type { Redis } from 'ioredis'
import type { Sql } from 'postgres'
import { loadAdapter } from '../../core/load-adapter.ts'
import { postgresAccess } from '../kv/index.ts'
import type { RunHistory, ScheduleBackend } from './backend.ts'
import type { SchedulerConfig } from './config.ts'
import { type Scheduler, SchedulerError } from './port.ts'
import { schedulerOver } from './scheduler.ts'
import type { Timings } from './timings.ts'

export interface SchedulerOptions extends Partial<SchedulerConfig> {
  /** Its processes share schedules: 1 to 100 letters, digits, `_` and `-`. */
  service: string
  /** Errors that no caller waits for: Redis or the history does not answer. */
  onError?(error: unknown): void
}

export interface SchedulerDependencies {
  /** A connection to use instead of opening one; it is not closed here. */
  redis?: Redis
  /** A pool of postgres.js, such as `database.sql`, in which runs are kept; it is not closed here. In memory when absent. */
  sql?: Sql
}

/** The schedules of one process: shared with other processes of the service where there is a Redis. */
export async function createScheduler(
  options: SchedulerOptions,
  { redis, sql }: SchedulerDependencies = {},
): Promise<Scheduler> {
  const { service, timeoutMs = 5_000, onError = () => undefined } = options
  if (!/^[A-Za-z0-9_-]{1,100}$/.test(service))
    throw new SchedulerError('A service has 1 to 100 letters, digits, _ and -', { code: 'SCHEDULER_OPTIONS' })
  const timings = await loadTimings()
  const history = await historyIn(sql, service, timeoutMs)
  return schedulerOver({ service, backend: await backendOf(options, redis), history, timings, onError })
}

/** When cron expressions and other timings are due, for programs that show schedules. */
export async function loadTimings(): Promise<Timings> {
  return (await loadAdapter('A scheduler', () => import('./adapters/cron.ts'))).timings
}

async function historyIn(sql: Sql | undefined, service: string, timeoutMs: number): Promise<RunHistory> {
  if (!sql) return (await import('./adapters/memory.ts')).memoryRuns()
  const { postgresRuns } = await loadAdapter('A history in Postgres', () => import('./adapters/postgres-runs.ts'))
  return postgresRuns(await postgresAccess({ sql }, { timeoutMs, name: 'scheduler' }), service)
}

async function backendOf(
  { service, redisUrl, prefix = 'bull', timeoutMs = 5_000, lockMs = 30_000, concurrency = 20 }: SchedulerOptions,
  redis: Redis | undefined,
): Promise<ScheduleBackend> {
  const from = redis ? { redis } : redisUrl ? { url: redisUrl } : undefined
  if (!from) return (await import('./adapters/memory.ts')).memorySchedules()
  const { bullmqSchedules } = await loadAdapter('A scheduler on Redis', () => import('./adapters/bullmq.ts'))
  return bullmqSchedules(from, { queue: `schedules-${service}`, prefix, timeoutMs, lockMs, concurrency })
}
