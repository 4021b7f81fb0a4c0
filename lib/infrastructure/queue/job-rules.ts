import { messageOf } from '../../core/errors.ts'
import { type JobOptions, QueueError } from './port.ts'

/** BullMQ's own limit. */
const LARGEST_PRIORITY = 2 ** 21 - 1
const isPositive = (ms: number) => ms > 0 && Number.isFinite(ms)

/** What a queue does not accept of these options, in words. */
function problemOf(options: JobOptions): string | undefined {
  const { id, priority = 0, attempts = 1, delayMs = 0, backoff, deduplication, deadlineMs = 1, timeoutMs = 1 } = options
  const { jitter = 0 } = backoff ?? {}
  if (id !== undefined && /^$|:|^\d+$/.test(id))
    return `its id is ${JSON.stringify(id)}, but must not be a number or contain a colon`
  if (!Number.isInteger(priority) || priority < 0 || priority > LARGEST_PRIORITY) return `its priority is ${priority}`
  if (!Number.isInteger(attempts) || attempts < 1) return `it has ${attempts} attempts`
  if (!(delayMs >= 0)) return `its delay is ${delayMs} ms`
  if (!(jitter >= 0 && jitter <= 1)) return `its backoff has a jitter of ${jitter}, but it must be between 0 and 1`
  if (!isPositive(deadlineMs)) return `its deadline is ${deadlineMs} ms`
  if (!isPositive(timeoutMs)) return `its timeout is ${timeoutMs} ms`
  if (!deduplication) return undefined
  if (deduplication.id === '') return 'its deduplication has no id'
  if (deduplication.mode === 'simple') return undefined
  if (!isPositive(deduplication.ttlMs)) return `its deduplication has a ttl of ${deduplication.ttlMs} ms`
  if (deduplication.mode === 'debounce' && delayMs > 0) return 'it has both a delay and the one of its debounce'
  return undefined
}

/** The data as text, the same for every adapter. Throws QueueError `QUEUE_VALUE` for a job that no queue can take. */
export function checkedJob(queue: string, data: unknown, options: JobOptions): string {
  const refuse = (what: string) => new QueueError(`${queue} cannot take this job: ${what}`, { code: 'QUEUE_VALUE' })
  const problem = problemOf(options)
  if (problem !== undefined) throw refuse(problem)
  const text = encoded(data, refuse)
  if (text === undefined) throw refuse(`its data is not JSON but a ${typeof data}`)
  return text
}

function encoded(data: unknown, refuse: (what: string) => QueueError): string | undefined {
  try {
    return JSON.stringify(data)
  } catch (error) {
    throw refuse(`its data is not JSON: ${messageOf(error)}`)
  }
}
