import { z } from 'zod'
import { defineSlice, field } from '../config/index.ts'

export interface QueueConfig {
  /** `redis://…`; without it queues are in memory. Contains the password. */
  redisUrl?: string
  /** `postgres://…`: queues in the schema `bullmq` of a Postgres instead, which `migrateQueues` makes. Contains the password. */
  postgresUrl?: string
  /** BullMQ's prefix of all keys in Redis. */
  prefix: string
  /** ms after which a call on a queue gives up. */
  timeoutMs: number
}

export const queueConfig = defineSlice(
  {
    QUEUE_REDIS_URL: field
      .url('redis', 'rediss')
      .optional()
      .describe('the Redis with the queues; without it they are in memory and end with the process'),
    QUEUE_POSTGRES_URL: field
      .url('postgres', 'postgresql')
      .optional()
      .describe('the Postgres with the queues, instead of a Redis'),
    QUEUE_PREFIX: z
      .string()
      .regex(/^[^:\s]+$/, 'must not contain colons or spaces')
      .default('bull')
      .describe("BullMQ's prefix of all keys"),
    QUEUE_TIMEOUT: field.duration().default(5_000).describe('how long a call on a queue may take'),
  },
  (env): QueueConfig => ({
    ...(env.QUEUE_REDIS_URL === undefined ? {} : { redisUrl: env.QUEUE_REDIS_URL }),
    ...(env.QUEUE_POSTGRES_URL === undefined ? {} : { postgresUrl: env.QUEUE_POSTGRES_URL }),
    prefix: env.QUEUE_PREFIX,
    timeoutMs: env.QUEUE_TIMEOUT,
  }),
)
