import type { z } from 'zod'
import { newId } from '../../../core/ids.ts'
import type { Actor } from '../access/roles.ts'
import { redactInput } from '../operation/input.ts'
import { stored } from '../operation/runner/stored.ts'
import type { Db } from '../store/port.ts'
import { type AuditEntry, recordAudit } from './record.ts'

export interface AuditedView<Filters extends z.ZodObject> {
  readonly id: string
  readonly filters: Filters
  readonly audited?: {
    /** What the audit keeps of the filters, where it is not all but the sensitive ones. */
    input?(filters: z.output<Filters>): unknown
  }
}

interface AuditedRead<Filters extends z.ZodObject> {
  view: AuditedView<Filters>
  environment: string
  actor: Actor
  target: AuditEntry['target']
  /** Parsed. */
  filters: z.output<Filters>
}

export interface ReadOutcome {
  /** `refused`: what was asked for may not be read, by anyone. */
  outcome: 'succeeded' | 'failed' | 'aborted' | 'refused'
  /** How much was read, or why nothing was; no values. */
  message: string
}

/** The filters of a reading as the audit keeps them. */
export function inputOf<Filters extends z.ZodObject>(
  { filters: schema, audited }: AuditedView<Filters>,
  filters: z.output<Filters>,
): unknown {
  return audited?.input ? audited.input(filters) : redactInput(schema, filters)
}

/** Writes who is about to read what. Refuses when that cannot be written; resolves with how to write the outcome. */
export async function beginRead<Filters extends z.ZodObject>(
  db: Db,
  { view, filters, ...who }: AuditedRead<Filters>,
): Promise<(outcome: ReadOutcome) => Promise<void>> {
  const run = newId()
  const began = performance.now()
  const line = { ...who, run, operation: view.id }
  await stored(recordAudit(db, { ...line, seq: 0, kind: 'started', input: inputOf(view, filters) }))
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
