import { messageOf } from '../../core/errors.ts'
import { type JobOptions, QueueError } from './port.ts'

/** BullMQ's own limit. */
const LARGEST_PRIORITY = 2 ** 21

/** The data as text, the same for every adapter. Throws QueueError `QUEUE_VALUE` for a job that no queue can take. */
export function checkedJob(queue: string, data: unknown, options: JobOptions = {}): string {
  const { id, priority = 0, attempts = 1, delayMs = 0 } = options
  const refuse = (what: string) => new QueueError(`${queue} cannot take this job: ${what}`, { code: 'QUEUE_VALUE' })
  if (id !== undefined && /^$|:|^\d+$/.test(id))
    throw refuse(`its id is ${JSON.stringify(id)}, but must not be a number or contain a colon`)
  if (!Number.isInteger(priority) || priority < 0 || priority > LARGEST_PRIORITY)
    throw refuse(`its priority is ${priority}`)
  if (!Number.isInteger(attempts) || attempts < 1) throw refuse(`it has ${attempts} attempts`)
  if (!(delayMs >= 0)) throw refuse(`its delay is ${delayMs} ms`)
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
