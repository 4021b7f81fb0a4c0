import { InfrastructureError } from '../../core/errors.ts'

export type QueueErrorCode =
  `QUEUE_${'UNREACHABLE' | 'VALUE' | 'JOB_MISSING' | 'JOB_STATE' | 'OTHER_MAJOR' | 'CLOSED' | 'REFUSED' | 'DENIED'}`

/** The error of queues: `retryable` when Redis was down, with a next step when a person can do something. */
export class QueueError extends InfrastructureError {
  override readonly code: QueueErrorCode
  constructor(
    message: string,
    options: { code: QueueErrorCode; retryable?: boolean; nextStep?: string; cause?: unknown },
  ) {
    super(message, options)
    this.code = options.code
  }
}

/** Thrown by a handler: another attempt is pointless, the job becomes a dead letter at once. */
export class PermanentJobError extends InfrastructureError {
  override readonly code: string = 'JOB_PERMANENT'
}

/** The reason of a job's signal when someone cancelled it, and the error of its dead letter. */
export class CancelledError extends PermanentJobError {
  override readonly code = 'JOB_CANCELLED'
}

/** The reason of a job's signal when its deadline passed, and the error of its dead letter. */
export class JobDeadlineError extends PermanentJobError {
  override readonly code = 'JOB_DEADLINE'
}

/** The reason of a job's signal when one attempt took too long. Another attempt may be faster. */
export class JobTimeoutError extends InfrastructureError {
  override readonly code = 'JOB_TIMEOUT'
}
