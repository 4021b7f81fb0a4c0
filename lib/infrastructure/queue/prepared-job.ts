import { newId } from '../../core/ids.ts'
import type { PreparedFlow, PreparedJob } from './backend.ts'
import { checkedJob } from './job-rules.ts'
import { producedData } from './job-type.ts'
import { type Batch, type FlowJob, type NewJob, QueueError, type TraceContext } from './port.ts'

/** The trace that a job is added in: a `traceparent`, or with its `tracestate`. */
export type CurrentTrace = () => string | TraceContext | undefined

/** The job as a backend takes it. Throws QueueError `QUEUE_VALUE`. */
export function preparedJob(queue: string, job: NewJob, currentTrace?: CurrentTrace): PreparedJob {
  const { name: type, options = {} } = job
  const typed = typeof type === 'string' ? undefined : type
  const data = typed ? producedData(typed, job.data) : job.data
  const text = checkedJob(queue, data, options)
  const prepared: PreparedJob = { name: typeof type === 'string' ? type : type.name, data, text, options }
  if (typed) prepared.version = typed.version
  const trace = currentTrace?.()
  if (trace !== undefined) prepared.trace = typeof trace === 'string' ? { traceparent: trace } : trace
  return prepared
}

/** All jobs of a flow, each with an id, so that children can name their parent. */
export function preparedFlow(flow: FlowJob, currentTrace?: CurrentTrace): PreparedFlow {
  const { queue, ifItFails = 'wait', children = [], ...job } = flow
  const prepared = preparedJob(queue, job, currentTrace)
  if (prepared.options.deduplication)
    throw new QueueError(`${queue} cannot take this job: jobs of a flow are not deduplicated`, { code: 'QUEUE_VALUE' })
  return {
    ...prepared,
    options: { ...prepared.options, id: prepared.options.id ?? newId() },
    queue,
    ifItFails,
    children: children.map(child => preparedFlow(child, currentTrace)),
  }
}

/** A batch as a flow: its completion job is the parent of jobs that it goes on without. */
export function flowOfBatch({ id, jobs, onComplete }: Batch): FlowJob {
  const withId = <J extends NewJob>(job: J, own: string | undefined): J =>
    own === undefined || job.options?.id !== undefined ? job : { ...job, options: { ...job.options, id: own } }
  return {
    ...withId(onComplete, id),
    // Ids of their own, or adding the batch again would add its jobs again.
    children: jobs.map((job, at) => ({
      ...withId(job, id === undefined ? undefined : `${id}-${at}`),
      ifItFails: 'ignore' as const,
    })),
  }
}
