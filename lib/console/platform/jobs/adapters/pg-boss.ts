import { sql } from 'drizzle-orm'
import { fromDrizzle, PgBoss } from 'pg-boss'
import { InfrastructureError } from '../../../../core/errors.ts'
import type { Logger } from '../../../../infrastructure/logging/index.ts'
import { reasonOf } from '../../part/reason.ts'
import type { Jobs } from '../port.ts'

const QUEUE = 'operation-run'

/** The job store is not ready; nothing was enqueued. */
export class JobsUnavailableError extends InfrastructureError {
  override readonly code = 'JOBS_UNAVAILABLE'
}

interface Options {
  databaseUrl: string
  logger: Logger
  /** Carries out one run; if it throws, the job is tried again. */
  work(runId: string): Promise<void>
}

/** Durable runs on pg-boss, in a Postgres schema of its own. Starts in the background, and retries until Postgres is there. */
export function pgBossJobs({ databaseUrl, logger, work }: Options): Jobs {
  let boss: PgBoss | undefined
  let state: Jobs['state'] = 'starting'
  let reason: string | undefined
  let closed = false
  let retry: NodeJS.Timeout | undefined

  async function start() {
    const attempt = new PgBoss({
      connectionString: databaseUrl,
      schema: 'substation_jobs',
      application_name: 'substation-jobs',
      max: 4,
      connectionTimeoutMillis: 3_000,
      schedule: false,
    })
    attempt.on('error', error => logger.debug('the job store reports an error', { error }))
    try {
      await attempt.start()
      // A job lost with its worker is delivered again; the runner decides whether the run continues or is closed.
      await attempt.createQueue(QUEUE, {
        retryLimit: 5,
        retryDelay: 5,
        heartbeatSeconds: 15,
        expireInSeconds: 23 * 3_600,
      })
      await attempt.work<{ runId: string }>(
        QUEUE,
        { pollingIntervalSeconds: 1, batchSize: 1, localConcurrency: 4 },
        async ([job]) => {
          if (job) await work(job.data.runId)
        },
      )
      boss = attempt
      state = 'ready'
      reason = undefined
    } catch (error) {
      await attempt.stop({ graceful: false }).catch(() => {})
      if (closed) return
      state = 'down'
      reason = reasonOf('Postgres', error)
      retry = setTimeout(start, 2_000)
    }
  }
  const started = start()

  return {
    get state() {
      return state
    },
    get reason() {
      return reason
    },
    async enqueue(runId, tx) {
      if (!boss)
        throw new JobsUnavailableError(`the job store is not ready${reason ? `: ${reason}` : ''}`, { retryable: true })
      await boss.send(QUEUE, { runId }, { db: fromDrizzle(tx, sql) })
    },
    async depth() {
      if (!boss)
        throw new JobsUnavailableError(`the job store is not ready${reason ? `: ${reason}` : ''}`, { retryable: true })
      const stats = await boss.getQueueStats(QUEUE)
      const latest = Array.isArray(stats) ? stats[0] : stats
      return { waiting: latest?.queuedCount ?? 0, active: latest?.activeCount ?? 0 }
    },
    async close() {
      closed = true
      clearTimeout(retry)
      await started
      await boss?.stop({ graceful: true, timeout: 3_000 }).catch(() => {})
    },
  }
}
