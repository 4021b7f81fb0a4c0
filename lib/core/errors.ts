/** What every error of the infrastructure layer carries for the code that catches it. */
export interface InfrastructureErrorOptions {
  cause?: unknown
  /** Whether the same call may succeed if it is made again a little later. */
  retryable?: boolean
  /** What a person can do about it, as a plain sentence. */
  nextStep?: string
}

/** Base of every known error: a stable code for programs, a plain sentence for people. */
export class InfrastructureError extends Error {
  readonly code: string = 'INFRASTRUCTURE_ERROR'
  readonly retryable: boolean
  readonly nextStep: string | undefined

  constructor(message: string, options: InfrastructureErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.name = new.target.name
    this.retryable = options.retryable ?? false
    this.nextStep = options.nextStep
  }
}

/** One line for people from anything that was thrown; of an AggregateError without a message, its first cause's. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof AggregateError && !thrown.message && thrown.errors.length > 0)
    return messageOf(thrown.errors[0])
  if (thrown instanceof Error) return thrown.message || thrown.name
  return String(thrown)
}
