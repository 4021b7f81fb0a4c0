import { defineSlice, field } from '../config/index.ts'

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
  applicationName: string
}

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
      [`${prefix}_IDLE_TIMEOUT`]: field.duration().optional().describe('connections unused for this long are closed'),
    },
    (env): DatabaseConfig => {
      const read = env as Record<string, unknown>
      const statementTimeoutMs = read[`${prefix}_STATEMENT_TIMEOUT`] as number | undefined
      const idleTimeoutMs = read[`${prefix}_IDLE_TIMEOUT`] as number | undefined
      return {
        name,
        url: read[`${prefix}_URL`] as string,
        maxConnections: read[`${prefix}_MAX_CONNECTIONS`] as number,
        connectTimeoutMs: read[`${prefix}_CONNECT_TIMEOUT`] as number,
        ...(statementTimeoutMs === undefined ? {} : { statementTimeoutMs }),
        ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
        applicationName: name,
      }
    },
  )
}
