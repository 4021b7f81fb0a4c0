import { primaryKey, text, timestamp } from 'drizzle-orm/pg-core'
import { substation } from './schema.ts'

const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3 })

/** Queues that this console has paused: by whom, why, and until when. */
export const queuePause = substation.table(
  'queue_pause',
  {
    environment: text('environment').notNull(),
    server: text('server').notNull(),
    /** `prefix:name` */
    queue: text('queue').notNull(),
    pausedBy: text('paused_by').notNull(),
    reason: text('reason'),
    at: moment('at').notNull().defaultNow(),
    /** It is resumed then; null: when an operator does. */
    until: moment('until'),
  },
  table => [primaryKey({ columns: [table.environment, table.server, table.queue] })],
)
