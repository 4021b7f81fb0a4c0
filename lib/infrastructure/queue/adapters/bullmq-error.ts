import { messageOf } from '../../../core/errors.ts'
import { QueueError } from '../port.ts'

const CONNECTION =
  /ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|Connection is closed|Stream isn't writeable|Command timed out|MaxRetriesPerRequest|took longer than/i

/** The port's error for an error of BullMQ or ioredis. */
export function queueError(queue: string, error: unknown): QueueError {
  if (error instanceof QueueError) return error
  const detail = messageOf(error)
  const text = error instanceof Error && 'code' in error ? `${error.code} ${detail}` : detail
  if (CONNECTION.test(text))
    return new QueueError(`The queue ${queue} cannot be reached: ${detail}`, {
      code: 'QUEUE_UNREACHABLE',
      retryable: true,
      nextStep: 'Check that Redis answers.',
      cause: error,
    })
  return new QueueError(`The queue ${queue} refused: ${detail}`, { code: 'QUEUE_REFUSED', cause: error })
}
