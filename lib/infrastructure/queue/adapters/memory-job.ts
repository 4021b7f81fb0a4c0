import type { Job } from '../port.ts'
import type { StoredJob } from './memory-store.ts'

/** A job in memory as a handler gets it. */
export function givenJob(job: StoredJob, run: { readonly signal: AbortSignal }): Job {
  const { id, name, text, version, trace, options, addedAt, children } = job
  const of = (wanted: 'completed' | 'ignored') => [...children].filter(([, { state }]) => state === wanted)
  return {
    id,
    name,
    data: JSON.parse(text),
    ...(version === undefined ? {} : { version }),
    ...trace,
    attempt: job.attemptsMade,
    attempts: options.attempts ?? 1,
    addedAt,
    get signal() {
      return run.signal
    },
    log: async () => undefined,
    async progress(value) {
      job.progress = JSON.stringify(value)
    },
    childrenValues: async () =>
      Object.fromEntries(of('completed').map(([key, { value }]) => [key, JSON.parse(value ?? 'null')])),
    childrenErrors: async () => Object.fromEntries(of('ignored').map(([key, { value = '' }]) => [key, value])),
    childrenCounts: async () => ({ completed: of('completed').length, failed: of('ignored').length }),
  }
}
