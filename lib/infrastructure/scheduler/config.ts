import { z } from 'zod'
import { defineSlice, field } from '../config/index.ts'

export interface SchedulerConfig {
  /** `redis://…`; without it schedules are those of one process. Contains the password. */
  redisUrl?: string
  /** BullMQ's prefix of all keys. */
  prefix: string
  /** ms after which a call to Redis or Postgres counts as failed. */
  timeoutMs: number
  /** A process that has not shown for this long that it is alive counts as crashed (ms). */
  lockMs: number
  /** Runs at a time in one process. */
  concurrency: number
}

export const schedulerConfig = defineSlice(
  {
    SCHEDULER_REDIS_URL: field
      .url('redis', 'rediss')
      .optional()
      .describe('the Redis that processes share schedules through; without it each process runs its own'),
    SCHEDULER_PREFIX: z
      .string()
      .regex(/^[^:\s]+$/, 'must not contain colons or spaces')
      .default('bull')
      .describe("BullMQ's prefix of all keys"),
    SCHEDULER_TIMEOUT: field.duration().default(5_000).describe('how long a call to Redis or Postgres may take'),
    SCHEDULER_LOCK: field
      .duration()
      .default(30_000)
      .describe('a process that has not shown for this long that it is alive counts as crashed'),
    SCHEDULER_CONCURRENCY: field.integer({ min: 1, max: 10_000 }).default(20).describe('runs at a time in one process'),
  },
  (env): SchedulerConfig => ({
    ...(env.SCHEDULER_REDIS_URL === undefined ? {} : { redisUrl: env.SCHEDULER_REDIS_URL }),
    prefix: env.SCHEDULER_PREFIX,
    timeoutMs: env.SCHEDULER_TIMEOUT,
    lockMs: env.SCHEDULER_LOCK,
    concurrency: env.SCHEDULER_CONCURRENCY,
  }),
)
