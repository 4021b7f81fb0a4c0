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

/** The options of BullMQ for a job. */
export function bullmqOptions({ options, version, trace }: PreparedJob): JobsOptions {
  const { id, delayMs, priority, attempts, backoff, keepCompleted, deduplication, deadlineMs, timeoutMs } = options
  const own: OwnOptions = {
    ...(version === undefined ? {} : { version }),
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  }
  return {
    ...(id === undefined ? {} : { jobId: id }),
    ...(delayMs === undefined ? {} : { delay: delayMs }),
    ...(priority === undefined ? {} : { priority }),
    ...(attempts === undefined ? {} : { attempts }),
    ...(backoff === undefined ? {} : { backoff: bullmqBackoff(backoff) }),
    ...(keepCompleted === undefined ? {} : { removeOnComplete: { count: keepCompleted } }),
    // With an id of its own the answer shows whether it was added.
    ...(deduplication === undefined ? {} : { ...deduplicated(deduplication), jobId: id ?? newId() }),
    ...(trace === undefined ? {} : { telemetry: { metadata: JSON.stringify(trace) } }),
    ...(Object.keys(own).length === 0 ? {} : { substation: own }),
  }
}

export const ownOptions = (opts: JobsOptions): OwnOptions => (opts as { substation?: OwnOptions }).substation ?? {}

/** The W3C context in the metadata of BullMQ's telemetry, ours or another program's. */
export function traceOf({ telemetry }: JobsOptions): Partial<TraceContext> {
  const { metadata } = telemetry ?? {}
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
