import { InfrastructureError, messageOf } from '../../core/errors.ts'
import { AllProvidersFailedError, isNotCalled } from '../resilience/index.ts'
import { type Email, EmailError, type ProviderAnswer } from './port.ts'
import type { guardedProviders, WhenUnknown } from './providers.ts'

/** One call of a provider. */
export interface Attempt {
  provider: string
  at: number
  /** Neither accepted nor failed: it was given up, and may have been sent. */
  outcome: 'unknown' | 'accepted' | { error: unknown }
}

export interface DeliveryOptions {
  key: string
  messageId?: string | undefined
  signal?: AbortSignal | undefined
  whenUnknown: WhenUnknown
  /** No other provider: it may have sent the email already, and takes keys. */
  only?: string | undefined
}

export type Delivered = { answer: ProviderAnswer; provider: string }

/** Adds the calls that it makes to `attempts`. Rejects with EmailError, or the signal's reason. */
export async function deliver(
  { guarded, failover }: ReturnType<typeof guardedProviders>,
  email: Email,
  { key, messageId, signal, whenUnknown, only }: DeliveryOptions,
  attempts: Attempt[],
): Promise<Delivered> {
  async function call(port: (typeof guarded)[number]['port'], inner: AbortSignal): Promise<Delivered> {
    const attempt: Attempt = { provider: port.name, at: Date.now(), outcome: 'unknown' }
    attempts.push(attempt)
    try {
      const answer = await port.send(email, { signal: inner, idempotencyKey: key, messageId })
      attempt.outcome = 'accepted'
      return { answer, provider: port.name }
    } catch (error) {
      attempt.outcome = { error }
      throw error
    }
  }
  const same = only === undefined ? undefined : guarded.find(({ name }) => name === only)
  const own = signal ? { signal } : {}
  try {
    if (same) return await same.policy.execute(context => call(same.port, context.signal), own)
    return await failover.run((port, context) => call(port, context.signal), {
      ...own,
      ...(whenUnknown === 'next' ? { idempotencyKey: key } : {}),
    })
  } catch (error) {
    signal?.throwIfAborted()
    throw emailErrorOf(error, attempts.at(-1)?.provider)
  }
}

/** What policies and the failover reject with, as an EmailError. */
function emailErrorOf(error: unknown, provider?: string): EmailError {
  if (error instanceof EmailError) return error
  if (error instanceof AllProvidersFailedError) {
    const failures = error.failures.map(failure => emailErrorOf(failure.error, failure.provider))
    const [first] = failures
    if (first && failures.length === 1) return first
    return new EmailError(error.message, {
      code: 'EMAIL_UNAVAILABLE',
      notDone: failures.every(({ notDone }) => notDone),
      retryable: true,
      cause: error,
    })
  }
  const notDone = isNotCalled(error)
  return new EmailError(messageOf(error), {
    code: notDone ? 'EMAIL_UNAVAILABLE' : 'EMAIL_OUTCOME_UNKNOWN',
    notDone,
    retryable: error instanceof InfrastructureError && error.retryable,
    provider,
    cause: error,
  })
}
