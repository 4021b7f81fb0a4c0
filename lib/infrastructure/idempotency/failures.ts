import { messageOf } from '../../core/errors.ts'
import { parseJson } from '../../core/json.ts'
import { storeFailureOf } from '../../core/store-failure.ts'
import { IdempotencyError, type KeptFailure } from './port.ts'

/** The port's error for what the store's server or its client rejected with. */
export function storeErrorOf(server: string, error: unknown): IdempotencyError {
  if (error instanceof IdempotencyError) return error
  const { kind, message, ...options } = storeFailureOf(server, 'idempotency', error)
  return new IdempotencyError(message, { ...options, code: kind === 'unreachable' ? 'UNREACHABLE' : 'REFUSED' })
}

export const inFlight = (key: string) =>
  new IdempotencyError(`${key} is still in flight`, {
    code: 'IN_FLIGHT',
    retryable: true,
    nextStep: 'Try again later with the same key, or wait longer (waitMs).',
  })

export const conflict = (key: string) =>
  new IdempotencyError(`${key} was used before with another body`, {
    code: 'CONFLICT',
    nextStep: 'Use a new key for a new request.',
  })

export const outcomeUnknown = (key: string) =>
  new IdempotencyError(`A process crashed while ${key} was in flight: whether it took effect is not known`, {
    code: 'OUTCOME_UNKNOWN',
    nextStep: 'Find out, then record the result with resolve, or allow another run with forget.',
  })

export const leaseLost = (key: string, cause?: unknown) =>
  new IdempotencyError(`${key} was not renewed in time, and another process may have taken over`, {
    code: 'LEASE_LOST',
    cause,
    nextStep: 'Ask again with the same key for what the other one returned.',
  })

const MESSAGE_LENGTH = 1_000

/** An error as it is kept: without its stack and properties, which may contain personal data. */
export function failureOf(error: unknown): KeptFailure {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return {
    name: error instanceof Error ? error.name : 'Error',
    message: messageOf(error).slice(0, MESSAGE_LENGTH),
    ...(typeof code === 'string' || typeof code === 'number' ? { code: String(code) } : {}),
  }
}

export function keptFailure(key: string, json: string | undefined): IdempotencyError {
  const failure = failureIn(json)
  return new IdempotencyError(`${key} failed before: ${failure.message}`, { code: 'KEPT_FAILURE', failure })
}

export function failureIn(json: string | undefined): KeptFailure {
  return parseJson(json) as KeptFailure
}
