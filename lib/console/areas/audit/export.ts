import { and, asc, gt } from 'drizzle-orm'
import type { z } from 'zod'
import { auditEvent } from '../../../../drizzle/schema/index.ts'
import { forbidden } from '../../platform/access/forbidden.ts'
import type { Access, Actor } from '../../platform/access/roles.ts'
import { csvLine } from '../../platform/csv.ts'
import { invalidExport } from '../../platform/invalid-export.ts'
import { problemsOf } from '../../platform/operation/input.ts'
import type { Db } from '../../platform/store/port.ts'
import { auditFilters, conditionsOf } from './conditions.ts'

const BATCH = 1_000

export const EXPORT_FORMATS = { ndjson: 'application/x-ndjson', csv: 'text/csv; charset=utf-8' } as const
export type ExportFormat = keyof typeof EXPORT_FORMATS

/** The requested export. Refuses those who may not read the audit, and a filter that is not valid: half an export looks like a whole one. */
export function askedExport(
  access: Access,
  actor: Actor,
  query: Record<string, string>,
): { filters: z.output<typeof auditFilters>; format: ExportFormat } {
  if (!access.isAllowed(actor.role, 'audit:read'))
    throw forbidden('Exporting the audit', access.roleFor('audit:read'), actor)
  const { format = 'ndjson', ...rest } = query
  const parsed = auditFilters.strict().safeParse(rest, { reportInput: true })
  const fields = parsed.success ? {} : problemsOf(parsed.error)
  if (!isFormat(format)) fields.format = `must be one of: ${Object.keys(EXPORT_FORMATS).join(', ')}`
  if (!parsed.success || !isFormat(format)) throw invalidExport(fields)
  return { filters: parsed.data, format }
}

const isFormat = (name: string): name is ExportFormat => name in EXPORT_FORMATS

const COLUMNS = [
  'id',
  'at',
  'environment',
  'run',
  'kind',
  'operation',
  'targetKind',
  'targetName',
  'actorId',
  'actorName',
  'actorRole',
  'via',
  'request',
  'reason',
  'outcome',
  'message',
  'durationMs',
  'input',
] as const

/** Every line that matches the filters, the oldest first, as text. Read in batches, so that a long export needs no more memory. */
export async function* exportAudit(
  db: Db,
  environment: string,
  filters: z.output<typeof auditFilters>,
  format: ExportFormat,
): AsyncGenerator<string> {
  if (format === 'csv') yield csvLine(COLUMNS)
  for (let after = 0; ; ) {
    const lines = await db
      .select()
      .from(auditEvent)
      .where(and(...conditionsOf(environment, filters), gt(auditEvent.id, after)))
      .orderBy(asc(auditEvent.id))
      .limit(BATCH)
    if (lines.length > 0)
      yield lines.map(line => (format === 'csv' ? csvLine(COLUMNS.map(name => line[name])) : jsonLine(line))).join('')
    const last = lines.at(-1)
    if (!last || lines.length < BATCH) return
    after = last.id
  }
}

type Line = typeof auditEvent.$inferSelect

/** `{"id":1,"at":"2026-03-04T04:02:00.000Z",…}`: what is absent is left out. */
function jsonLine(line: Line): string {
  return `${JSON.stringify(Object.fromEntries(COLUMNS.map(name => [name, line[name] ?? undefined])))}\n`
}
