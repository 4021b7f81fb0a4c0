import { differencesOf } from '../drift/compare.ts'
import { declaredBy } from '../drift/declared.ts'
import type { MigrationStatus, SchemaDrift } from '../port.ts'
import type { Connection } from './connection.ts'
import { liveSchema } from './live-schema.ts'

/** The live database beside a snapshot of drizzle-kit. */
export async function driftFrom(connection: Connection, declaredIn: string, snapshot: unknown): Promise<SchemaDrift> {
  const declared = declaredBy(snapshot)
  if (!declared)
    return {
      known: false,
      why: `${declaredIn} is not a snapshot of Postgres in the format that is understood (version 7)`,
    }
  const live = await liveSchema(connection, [...declared.tables.keys()])
  return { known: true, declaredIn, tables: declared.tables.size, differences: differencesOf(declared, live) }
}

/** drizzle-kit's snapshot after the last applied migration: the schema as it should be now. */
export async function snapshotFor(
  { source, migrations }: MigrationStatus,
  text: (file: string) => Promise<string | undefined>,
): Promise<{ file: string; content: string } | { why: string }> {
  if (source !== 'drizzle') return { why: 'Only drizzle-kit keeps, beside its migrations, what the schema should be' }
  const last = migrations.findLast(entry => entry.applied && entry.file)
  if (!last) return { why: 'No migration is applied' }
  const file = last.file?.stamped ? `${last.name}/snapshot.json` : `meta/${last.name.split('_')[0]}_snapshot.json`
  const content = await text(file)
  return content === undefined ? { why: `There is no ${file}` } : { file, content }
}
