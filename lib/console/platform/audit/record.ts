import { auditEvent } from '../../../../drizzle/schema/index.ts'
import type { Actor } from '../access/roles.ts'
import type { Db, Tx } from '../store/port.ts'

export type AuditKind = 'refused' | 'started' | 'item' | 'outcome' | 'undo'

export interface AuditEntry {
  run: string
  seq: number
  kind: AuditKind
  environment: string
  operation: string
  target?: { kind: string; name: string }
  actor: Pick<Actor, 'id' | 'name' | 'role' | 'via' | 'request'>
  /** Already without sensitive fields. */
  input?: unknown
  reason?: string
  outcome?: string
  message?: string
  durationMs?: number
}

/** Adds a line to the audit. Nothing else writes to it, and nothing changes a line. */
export async function recordAudit(db: Db | Tx, entry: AuditEntry): Promise<void> {
  const { actor, target } = entry
  await db.insert(auditEvent).values({
    run: entry.run,
    seq: entry.seq,
    kind: entry.kind,
    environment: entry.environment,
    operation: entry.operation,
    targetKind: target?.kind,
    targetName: target?.name,
    actorId: actor.id,
    actorName: actor.name,
    actorRole: actor.role,
    via: actor.via,
    request: actor.request,
    input: entry.input ?? null,
    reason: entry.reason,
    outcome: entry.outcome,
    message: entry.message?.slice(0, 2_000),
    durationMs: entry.durationMs,
  })
}
