import { createHash } from 'node:crypto'
import { type JournalRow, MigrationError, type MigrationFile, type MigrationSource } from '../port.ts'
import type { Connection } from './connection.ts'

export interface JournalPlace {
  source: MigrationSource
  schema: string
  table: string
}

/** `SUBS` in ASCII: the class of all migration locks, one lock for each journal. */
const LOCK_CLASS = 0x53554253

export const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`
const tableOf = ({ schema, table }: JournalPlace) => `${quoted(schema)}.${quoted(table)}`

/** The two keys of the advisory lock under which this journal's migrations run. */
export function lockKey({ schema, table }: JournalPlace): [number, number] {
  const digest = createHash('sha256').update(`${schema}.${table}`).digest()
  return [LOCK_CLASS, digest.readUInt32BE(0) & 0x7fffffff]
}

/** All rows, in the order in which they were written. Rejects with MigrationError `JOURNAL` when the table is not a journal. */
export async function readJournal(connection: Connection, place: JournalPlace): Promise<JournalRow[]> {
  const drizzle = place.source === 'drizzle'
  // drizzle's newer journal has two more columns.
  const columns = drizzle
    ? `hash as checksum, created_at::float8 as at, to_jsonb(journal) ->> 'name' as name,
       (extract(epoch from (to_jsonb(journal) ->> 'applied_at')::timestamptz) * 1000)::float8 as applied_at`
    : 'name, checksum, (extract(epoch from applied_at) * 1000)::float8 as at, applied_by, duration_ms'
  const order = drizzle ? 'created_at, id' : 'applied_at, name'
  const { rows } = await connection
    .send(`select ${columns} from ${tableOf(place)} journal order by ${order}`)
    .catch(error => {
      if (error.sqlState !== '42703') throw error
      throw new MigrationError(`${place.schema}.${place.table} is not a journal of this kind: it lacks columns`, {
        code: 'MIGRATION_JOURNAL',
        cause: error,
        nextStep: 'Configure the table that has the journal, or another one for it.',
      })
    })
  return rows.map((row): JournalRow => {
    const checksum = String(row.checksum)
    if (drizzle)
      return {
        checksum,
        when: Number(row.at),
        ...(row.name === null ? {} : { name: String(row.name) }),
        ...(row.applied_at === null ? {} : { appliedAt: Number(row.applied_at) }),
      }
    return {
      name: String(row.name),
      checksum,
      appliedAt: Number(row.at),
      appliedBy: String(row.applied_by),
      durationMs: Number(row.duration_ms),
    }
  })
}

/** Creates the table, and its schema if that is missing; drizzle's journal exactly as the drizzle of that layout creates it. */
export async function createJournal(connection: Connection, place: JournalPlace, stamped: boolean): Promise<void> {
  const { rows } = await connection.send('select from pg_namespace where nspname = $1', [place.schema])
  // IF NOT EXISTS would need the right to create even when the schema exists.
  if (rows.length === 0) await connection.send(`create schema if not exists ${quoted(place.schema)}`)
  const columns =
    place.source === 'drizzle'
      ? `id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint${stamped ? ', name text, applied_at timestamp with time zone DEFAULT now()' : ''}`
      : `name text primary key, checksum text not null, applied_at timestamptz not null default clock_timestamp(),
         applied_by text not null, duration_ms int not null`
  await connection.send(`create table if not exists ${tableOf(place)} (${columns})`)
}

export async function writeRow(
  connection: Connection,
  place: JournalPlace,
  file: MigrationFile,
  { by, durationMs }: { by: string; durationMs: number },
): Promise<void> {
  if (place.source === 'drizzle') {
    const values = [file.up.checksum, file.when as number]
    // An older journal gets its names from drizzle itself, when that is upgraded.
    if (file.stamped && (await hasNames(connection, place)))
      await connection.send(`insert into ${tableOf(place)} ("hash", "created_at", "name") values ($1, $2, $3)`, [
        ...values,
        file.name,
      ])
    else await connection.send(`insert into ${tableOf(place)} ("hash", "created_at") values ($1, $2)`, values)
  } else
    await connection.send(
      `insert into ${tableOf(place)} (name, checksum, applied_by, duration_ms) values ($1, $2, $3, $4)`,
      [file.name, file.up.checksum, by, Math.round(durationMs)],
    )
}

async function hasNames(connection: Connection, place: JournalPlace): Promise<boolean> {
  const { rows } = await connection.send(
    "select from pg_attribute where attrelid = $1::regclass and attname = 'name' and not attisdropped",
    [tableOf(place)],
  )
  return rows.length > 0
}

export async function deleteRow(
  connection: Connection,
  place: JournalPlace,
  name: string,
  row: JournalRow,
): Promise<void> {
  const { count } =
    place.source === 'drizzle'
      ? await connection.send(`delete from ${tableOf(place)} where created_at = $1 and hash = $2`, [
          row.when as number,
          row.checksum,
        ])
      : await connection.send(`delete from ${tableOf(place)} where name = $1`, [name])
  if (count === 0)
    throw new MigrationError(`The journal no longer has ${name}: another session changed it`, {
      code: 'MIGRATION_JOURNAL',
      migration: name,
    })
}
