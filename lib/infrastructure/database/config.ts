import { z } from 'zod'
import { defineSlice, field } from '../config/index.ts'
import { applicationNameOf } from './application-name.ts'

export interface DatabaseConfig {
  /** Its name in reports. */
  name: string
  /** `postgres://…`; contains the password. */
  url: string
  maxConnections: number
  connectTimeoutMs: number
  /** The server cancels a statement that runs longer; absent: never. Sent as a startup parameter, which some poolers must allow. */
  statementTimeoutMs?: number
  /** A connection unused for this long is closed; absent: never. */
  idleTimeoutMs?: number
  /** How the server's lists name the connections; default: the service, or the name of the pool, with host and pid. */
  applicationName?: string
  /** How long a statement waits for a lock, and how long a transaction may be idle, before the server ends it; absent: without limit. */
  lockTimeoutMs?: number
  idleInTransactionTimeoutMs?: number
  /** Of replicas, for `read`. */
  replicaUrls?: readonly string[]
  /** A replica that is further behind gets no reads; default: 10 s. */
  maxReplicaLagMs?: number
  /** A connection that is held longer is in the report; default: 60 s. */
  heldAfterMs?: number
  /** Keeps where in the code each connection was taken. */
  traceHolders?: boolean
}

/** With what its connections are called. */
export type NamedDatabaseConfig = DatabaseConfig & { applicationName: string }

/** `DATABASE_URL`, `DATABASE_MAX_CONNECTIONS`, … or the same under another prefix, for a second database. */
export function databaseConfig<P extends string = 'DATABASE'>(prefix: P = 'DATABASE' as P, name = 'database') {
  return defineSlice(
    {
      [`${prefix}_URL`]: field.url('postgres', 'postgresql').describe('the Postgres to use'),
      [`${prefix}_MAX_CONNECTIONS`]: field
        .integer({ min: 1, max: 1_000 })
        .default(10)
        .describe('the most connections of the pool'),
      [`${prefix}_CONNECT_TIMEOUT`]: field.duration().default(5_000).describe('how long to wait for a connection'),
      [`${prefix}_STATEMENT_TIMEOUT`]: field
        .duration()
        .optional()
        .describe('the server cancels statements that run longer'),
      [`${prefix}_LOCK_TIMEOUT`]: field.duration().optional().describe('how long a statement waits for a lock'),
      [`${prefix}_IDLE_IN_TRANSACTION_TIMEOUT`]: field
        .duration()
        .optional()
        .describe('the server ends a transaction that is idle for longer'),
      [`${prefix}_REPLICA_URLS`]: field
        .list()
        .optional()
        .describe('addresses of replicas, for reads that may be a moment old'),
      [`${prefix}_IDLE_TIMEOUT`]: field.duration().optional().describe('connections unused for this long are closed'),
      SUBSTATION_SERVICE: z.string().max(300).optional().describe('names its connections, with host and pid'),
      SUBSTATION_INSTANCE: z.string().max(300).optional().describe('names its connections instead, such as checkout-1'),
    },
    (env): DatabaseConfig => {
      const read = env as Record<string, unknown>
      const statementTimeoutMs = read[`${prefix}_STATEMENT_TIMEOUT`] as number | undefined
      const idleTimeoutMs = read[`${prefix}_IDLE_TIMEOUT`] as number | undefined
      const lockTimeoutMs = read[`${prefix}_LOCK_TIMEOUT`] as number | undefined
      const idleInTransactionTimeoutMs = read[`${prefix}_IDLE_IN_TRANSACTION_TIMEOUT`] as number | undefined
      const service = read.SUBSTATION_SERVICE as string | undefined
      const applicationName =
        (read.SUBSTATION_INSTANCE as string | undefined) ??
        (service === undefined ? undefined : applicationNameOf(service))
      const replicaUrls = read[`${prefix}_REPLICA_URLS`] as string[] | undefined
      return {
        name,
        url: read[`${prefix}_URL`] as string,
        maxConnections: read[`${prefix}_MAX_CONNECTIONS`] as number,
        connectTimeoutMs: read[`${prefix}_CONNECT_TIMEOUT`] as number,
        ...(statementTimeoutMs === undefined ? {} : { statementTimeoutMs }),
        ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
        ...(lockTimeoutMs === undefined ? {} : { lockTimeoutMs }),
        ...(idleInTransactionTimeoutMs === undefined ? {} : { idleInTransactionTimeoutMs }),
        ...(replicaUrls === undefined ? {} : { replicaUrls }),
        ...(applicationName === undefined ? {} : { applicationName }),
      }
    },
  )
}
