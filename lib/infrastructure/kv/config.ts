import { z } from 'zod'
import { defineSlice, field } from '../config/index.ts'

export interface KvConfig {
  /** `redis://…` or `postgres://…`; without it everything is in memory and ends with the process. Contains the password. */
  url?: string
  /** The outermost namespace: processes with the same one share their keys. */
  namespace: string
  /** ms after which a call to the server counts as failed. */
  timeoutMs: number
  /** The most bytes of a value as JSON. */
  maxValueBytes: number
}

export const kvConfig = defineSlice(
  {
    KV_URL: field
      .url('redis', 'rediss', 'postgres', 'postgresql')
      .optional()
      .describe('the Redis or Postgres that keeps the keys; without it they are in memory and end with the process'),
    KV_NAMESPACE: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, _ and -')
      .default('kv')
      .describe('the outermost namespace; processes with the same one share their keys'),
    KV_TIMEOUT: field.duration().default(5_000).describe('how long a call may take'),
    KV_MAX_VALUE_BYTES: field
      .integer({ min: 1, max: 67_108_864 })
      .default(1_048_576)
      .describe('the most bytes of a value as JSON'),
  },
  (env): KvConfig => ({
    ...(env.KV_URL === undefined ? {} : { url: env.KV_URL }),
    namespace: env.KV_NAMESPACE,
    timeoutMs: env.KV_TIMEOUT,
    maxValueBytes: env.KV_MAX_VALUE_BYTES,
  }),
)
