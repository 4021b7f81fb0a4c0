import { integer, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'
import { substation } from './schema.ts'

/** The BullMQ major that operators set for queues that do not name it. */
export const queueMajor = substation.table(
  'queue_major',
  {
    environment: text('environment').notNull(),
    server: text('server').notNull(),
    /** `prefix:name` */
    queue: text('queue').notNull(),
    major: integer('major').notNull(),
    saidBy: text('said_by').notNull(),
    reason: text('reason').notNull(),
    at: timestamp('at', { withTimezone: true, precision: 3 }).notNull().defaultNow(),
  },
  table => [primaryKey({ columns: [table.environment, table.server, table.queue] })],
)
