import { z } from 'zod'
import { defineSlice, field } from '../config/index.ts'

export interface IdempotencyConfig {
  /** `redis://…` or `postgres://…`; without it records are in memory and end with the process. Contains the password. */
  url?: string
  /** Processes with the same one share their keys. */
  namespace: string
  /** ms after which a call to the server counts as failed. */
  timeoutMs: number
  /** The most bytes of a result as JSON. */
  maxResultBytes: number
}

export const idempotencyConfig = defineSlice(
  {
    IDEMPOTENCY_URL: field
      .url('redis', 'rediss', 'postgres', 'postgresql')
      .optional()
      .describe('the Redis or Postgres that keeps the records; without it they are in memory and end with the process'),
    IDEMPOTENCY_NAMESPACE: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, _ and -')
      .default('idempotency')
      .describe('processes with the same one share their keys'),
    IDEMPOTENCY_TIMEOUT: field.duration().default(5_000).describe('how long a call to the server may take'),
    IDEMPOTENCY_MAX_RESULT_BYTES: field
      .integer({ min: 1, max: 67_108_864 })
      .default(1_048_576)
      .describe('the most bytes of a result as JSON'),
  },
  (env): IdempotencyConfig => ({
    ...(env.IDEMPOTENCY_URL === undefined ? {} : { url: env.IDEMPOTENCY_URL }),
    namespace: env.IDEMPOTENCY_NAMESPACE,
    timeoutMs: env.IDEMPOTENCY_TIMEOUT,
    maxResultBytes: env.IDEMPOTENCY_MAX_RESULT_BYTES,
  }),
)
