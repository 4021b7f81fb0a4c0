import { jsonb, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core'
import { substation } from './schema.ts'

const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3 })

/** Queries of the watched databases that were saved for everyone who may browse. */
export const savedQuery = substation.table(
  'saved_query',
  {
    id: text('id').primaryKey(),
    environment: text('environment').notNull(),
    database: text('database').notNull(),
    name: text('name').notNull(),
    description: text('description').notNull(),
    text: text('text').notNull(),
    parameters: jsonb('parameters').$type<{ name: string; type: string }[]>().notNull(),
    createdBy: text('created_by').notNull(),
    createdAt: moment('created_at').notNull(),
    changedBy: text('changed_by').notNull(),
    changedAt: moment('changed_at').notNull(),
  },
  table => [uniqueIndex('saved_query_name').on(table.environment, table.database, table.name)],
)
