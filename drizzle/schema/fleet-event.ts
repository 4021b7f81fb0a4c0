import { index, jsonb, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'
import { substation } from './schema.ts'

/** The changes that processes reported, kept longer than in Redis and available when Redis is down. */
export const fleetEvent = substation.table(
  'fleet_event',
  {
    environment: text('environment').notNull(),
    streamId: text('stream_id').notNull(),
    at: timestamp('at', { withTimezone: true, precision: 3 }).notNull(),
    kind: text('kind').notNull(),
    process: text('process').notNull(),
    service: text('service').notNull(),
    instance: text('instance').notNull(),
    data: jsonb('data').notNull(),
  },
  table => [
    primaryKey({ columns: [table.environment, table.streamId] }),
    index('fleet_event_recent').on(table.environment, table.at.desc()),
  ],
)
