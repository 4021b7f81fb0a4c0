import { messageOf } from '../../../core/errors.ts'
import { QueueError } from '../port.ts'

const CONNECTION =
  /ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|Connection is closed|Stream isn't writeable|Command timed out|MaxRetriesPerRequest|took longer than|timeout exceeded when trying to connect|Connection terminated/i

/** The port's error for an error of BullMQ or of the client of its store. */
export function queueError(queue: string, error: unknown, server = 'Redis'): QueueError {
  if (error instanceof QueueError) return error
  const detail = messageOf(error)
  const text = error instanceof Error && 'code' in error ? `${error.code} ${detail}` : detail
  if (CONNECTION.test(text))
    return new QueueError(`The queue ${queue} cannot be reached: ${detail}`, {
      code: 'QUEUE_UNREACHABLE',
      retryable: true,
      nextStep: `Check that ${server} answers.`,
      cause: error,
    })
  return new QueueError(`The queue ${queue} refused: ${detail}`, {
    code: 'QUEUE_REFUSED',
    cause: error,
    // As BullMQ names the error of a database without its tables.
    ...(error instanceof Error && error.name === 'SchemaMigrationRequiredError'
      ? { nextStep: 'Run migrateQueues of substation/queue on this database.' }
      : {}),
  })
}
