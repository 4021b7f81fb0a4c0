import { integer, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'
import { substation } from './schema.ts'

const at = (name: string) => timestamp(name, { withTimezone: true, precision: 3 })

/** An operator's mark on an attention item: acknowledged, or muted for a time. */
export const attentionMark = substation.table(
  'attention_mark',
  {
    environment: text('environment').notNull(),
    /** Id of the item. */
    item: text('item').notNull(),
    /** acknowledged | muted */
    kind: text('kind').$type<'acknowledged' | 'muted'>().notNull(),
    actorName: text('actor_name').notNull(),
    reason: text('reason'),
    at: at('at').notNull(),
    until: at('until').notNull(),
    /** How the item was then: one that got worse is shown again. */
    band: text('band').notNull(),
    count: integer('count').notNull(),
  },
  table => [primaryKey({ columns: [table.environment, table.item] })],
)
