import type { JobsOptions } from 'bullmq'
import { newId } from '../../../core/ids.ts'
import type { PreparedJob } from '../backend.ts'
import type { Deduplication, TraceContext } from '../port.ts'

/** What BullMQ has no option for is kept among its own, under this name. */
interface OwnOptions {
  version?: number
  deadlineMs?: number
  timeoutMs?: number
}

type StoredOptions = JobsOptions & { substation?: OwnOptions }

/** The options of BullMQ for a job. */
export function bullmqOptions({ options, version, trace }: PreparedJob): JobsOptions {
  const { id, delayMs, priority, attempts, backoff, keepCompleted, deduplication, deadlineMs, timeoutMs } = options
  const opts: StoredOptions = {}
  if (id !== undefined) opts.jobId = id
  if (delayMs !== undefined) opts.delay = delayMs
  if (priority !== undefined) opts.priority = priority
  if (attempts !== undefined) opts.attempts = attempts
  if (backoff !== undefined) opts.backoff = bullmqBackoff(backoff)
  if (keepCompleted !== undefined) opts.removeOnComplete = { count: keepCompleted }
  if (trace !== undefined) opts.telemetry = { metadata: JSON.stringify(trace) }
  // With an id of its own the answer shows whether it was added.
  if (deduplication !== undefined) Object.assign(opts, deduplicated(deduplication), { jobId: id ?? newId() })
  if (version !== undefined || deadlineMs !== undefined || timeoutMs !== undefined)
    opts.substation = {
      ...(version === undefined ? {} : { version }),
      ...(deadlineMs === undefined ? {} : { deadlineMs }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    }
  return opts
}

const NONE: OwnOptions = {}
export const ownOptions = (opts: JobsOptions): OwnOptions => (opts as StoredOptions).substation ?? NONE

/** The W3C context in the metadata of BullMQ's telemetry, ours or another program's. */
export function traceOf({ telemetry }: JobsOptions): Partial<TraceContext> {
  const metadata = telemetry?.metadata
  if (metadata === undefined) return {}
  try {
    const { traceparent, tracestate } = JSON.parse(metadata) as Partial<TraceContext>
    return { ...(traceparent ? { traceparent } : {}), ...(tracestate ? { tracestate } : {}) }
  } catch {
    return {}
  }
}

function bullmqBackoff({ kind, delayMs, jitter }: NonNullable<PreparedJob['options']['backoff']>) {
  return { type: kind, delay: delayMs, ...(jitter === undefined ? {} : { jitter }) }
}

function deduplicated(deduplication: Deduplication): JobsOptions {
  const { id, mode } = deduplication
  if (mode === 'simple') return { deduplication: { id } }
  const { ttlMs: ttl } = deduplication
  if (mode === 'throttle') return { deduplication: { id, ttl } }
  return { deduplication: { id, ttl, extend: true, replace: true }, delay: ttl }
}
