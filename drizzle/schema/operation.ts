import { boolean, index, integer, jsonb, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'
import { substation } from './schema.ts'

const at = (name: string) => timestamp(name, { withTimezone: true, precision: 3 })

/** One act of an operator. With heartbeat and fence its worker proves that it may still write. */
export const operationRun = substation.table(
  'operation_run',
  {
    id: text('id').primaryKey(),
    environment: text('environment').notNull(),
    operation: text('operation').notNull(),
    targetKind: text('target_kind').notNull(),
    targetName: text('target_name').notNull(),
    actorId: text('actor_id').notNull(),
    actorName: text('actor_name').notNull(),
    actorRole: text('actor_role').notNull(),
    via: text('via').notNull(),
    request: text('request').notNull(),
    status: text('status').notNull(),
    /** Sensitive fields replaced. */
    input: jsonb('input').notNull(),
    /** What `run` gets, and the fingerprint of the preview that was confirmed; emptied when the run is over. */
    payload: jsonb('payload').$type<{ input: unknown; confirmed?: string }>(),
    reason: text('reason'),
    summary: text('summary'),
    errorCode: text('error_code'),
    errorId: text('error_id'),
    result: jsonb('result'),
    progress: jsonb('progress'),
    durable: boolean('durable').notNull().default(false),
    worker: text('worker'),
    fence: integer('fence').notNull().default(1),
    heartbeatAt: at('heartbeat_at'),
    /** Set right before the effect may begin: if it is empty, nothing was done. */
    begunAt: at('begun_at'),
    abortRequestedBy: text('abort_requested_by'),
    undoState: jsonb('undo_state'),
    undoUntil: at('undo_until'),
    undoneBy: text('undone_by'),
    undoOf: text('undo_of'),
    startedAt: at('started_at').notNull().defaultNow(),
    finishedAt: at('finished_at'),
  },
  table => [
    index('operation_run_recent').on(table.environment, table.startedAt.desc()),
    index('operation_run_status').on(table.status, table.heartbeatAt),
  ],
)

/** The ledger: one row for each item of an act on several things. */
export const operationItem = substation.table(
  'operation_item',
  {
    runId: text('run_id')
      .notNull()
      .references(() => operationRun.id, { onDelete: 'cascade' }),
    key: text('key').notNull(),
    status: text('status').notNull(),
    message: text('message'),
    /** For a line that stands for many: the numbers of the first and the last of them, from 1. */
    first: integer('first'),
    last: integer('last'),
    at: at('at').notNull().defaultNow(),
  },
  table => [
    primaryKey({ columns: [table.runId, table.key] }),
    index('operation_item_status').on(table.runId, table.status),
  ],
)
