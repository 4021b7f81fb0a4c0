import { sql } from 'drizzle-orm'
import { bigserial, index, integer, jsonb, text, timestamp } from 'drizzle-orm/pg-core'
import { substation } from './schema.ts'

/** Who did what. Insert-only: a trigger refuses updates and deletes. */
export const auditEvent = substation.table(
  'audit_event',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    run: text('run').notNull(),
    seq: integer('seq').notNull(),
    /** refused | started | item | outcome | undo */
    kind: text('kind').notNull(),
    environment: text('environment').notNull(),
    operation: text('operation').notNull(),
    targetKind: text('target_kind'),
    targetName: text('target_name'),
    actorId: text('actor_id').notNull(),
    actorName: text('actor_name').notNull(),
    actorRole: text('actor_role').notNull(),
    via: text('via').notNull(),
    request: text('request').notNull(),
    input: jsonb('input'),
    reason: text('reason'),
    outcome: text('outcome'),
    message: text('message'),
    durationMs: integer('duration_ms'),
    at: timestamp('at', { withTimezone: true, precision: 3 }).notNull().defaultNow(),
  },
  table => [
    index('audit_event_recent').on(table.environment, table.id.desc()),
    index('audit_event_run').on(table.run, table.seq),
    index('audit_event_actor').on(table.actorId, table.id.desc()),
    // Finds the refusals that are read as one row.
    index('audit_event_refused')
      .on(table.environment, table.actorId, table.operation, table.outcome, table.id.desc())
      .where(sql`${table.kind} = 'refused'`),
  ],
)
