import type { z } from 'zod'
import { newId } from '../../../core/ids.ts'
import type { Actor } from '../access/roles.ts'
import { redactInput } from '../operation/input.ts'
import { stored } from '../operation/runner/stored.ts'
import type { Db } from '../store/port.ts'
import { type AuditEntry, recordAudit } from './record.ts'

interface AuditedRead {
  view: { id: string; filters: z.ZodObject }
  environment: string
  actor: Actor
  target: AuditEntry['target']
  /** Parsed; sensitive ones are replaced. */
  filters: unknown
}

export interface ReadOutcome {
  outcome: 'succeeded' | 'failed' | 'aborted'
  /** How much was read, or why nothing was; no values. */
  message: string
}

/** Writes who is about to read what. Refuses when that cannot be written; resolves with how to write the outcome. */
export async function beginRead(
  db: Db,
  { view, filters, ...who }: AuditedRead,
): Promise<(outcome: ReadOutcome) => Promise<void>> {
  const run = newId()
  const began = performance.now()
  const line = { ...who, run, operation: view.id }
  await stored(recordAudit(db, { ...line, seq: 0, kind: 'started', input: redactInput(view.filters, filters) }))
  return outcome =>
    stored(
      recordAudit(db, {
        ...line,
        seq: 1,
        kind: 'outcome',
        durationMs: Math.round(performance.now() - began),
        ...outcome,
      }),
    )
}
