import type { Job as BullJob } from 'bullmq'
import type { Job } from '../port.ts'
import { ownOptions, traceOf } from './bullmq-options.ts'

/** A job of BullMQ as a handler gets it. */
export function givenJob(job: BullJob, prefix: string, signal: AbortSignal): Job {
  const { version } = ownOptions(job.opts)
  return {
    id: String(job.id),
    name: job.name,
    data: job.data,
    ...(version === undefined ? {} : { version }),
    ...traceOf(job.opts),
    attempt: job.attemptsMade + 1,
    attempts: job.opts.attempts || 1,
    addedAt: job.timestamp,
    signal,
    log: async line => void (await job.log(line)),
    progress: value => job.updateProgress(value as object),
    childrenValues: async () => withoutPrefix(prefix, await job.getChildrenValues()),
    childrenErrors: async () => withoutPrefix(prefix, await job.getIgnoredChildrenFailures()),
    async childrenCounts() {
      const { processed = 0, ignored = 0 } = await job.getDependenciesCount({ processed: true, ignored: true })
      return { completed: processed, failed: ignored }
    },
  }
}

/** Keys of children, `bull:orders:7`, as `orders:7`. */
const withoutPrefix = <T>(prefix: string, values: Record<string, T> = {}): Record<string, T> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key.slice(prefix.length + 1), value]))
