import { index, jsonb, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'
import { substation } from './schema.ts'

/** What processes said had changed, kept longer than Redis keeps it and there when Redis is not. */
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
