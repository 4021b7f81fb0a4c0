import { and, asc, eq, ne } from 'drizzle-orm'
import { z } from 'zod'
import { savedQuery } from '../../../../../drizzle/schema/index.ts'
import type { Db } from '../../../platform/store/port.ts'
import { sqlStateOf } from '../browse/browse.ts'
import { Parameters } from './parameters.ts'

/** Who wrote a query last, and when (ms): whoever changes it names the version that they saw. */
export const SavedQuery = z.strictObject({
  id: z.string(),
  name: z.string(),
  /** Empty: none. */
  description: z.string(),
  text: z.string(),
  parameters: Parameters,
  createdBy: z.string(),
  createdAt: z.number(),
  changedBy: z.string(),
  changedAt: z.number(),
})
export type SavedQuery = z.output<typeof SavedQuery>

/** The database that queries belong to. */
export interface QueryPlace {
  environment: string
  database: string
}

const inPlace = ({ environment, database }: QueryPlace) =>
  and(eq(savedQuery.environment, environment), eq(savedQuery.database, database))
const idIn = (place: QueryPlace, id: string) => and(inPlace(place), eq(savedQuery.id, id))

/** Those of a database, by name. */
export async function readSavedQueries(db: Db, place: QueryPlace): Promise<SavedQuery[]> {
  const rows = await db.select().from(savedQuery).where(inPlace(place)).orderBy(asc(savedQuery.name))
  return rows.map(toSaved)
}

export async function findSavedQuery(db: Db, place: QueryPlace, id: string): Promise<SavedQuery | undefined> {
  const [row] = await db.select().from(savedQuery).where(idIn(place, id))
  return row && toSaved(row)
}

/** Whether another one of the database has this name. */
export async function isNameTaken(db: Db, place: QueryPlace, name: string, except = ''): Promise<boolean> {
  const [row] = await db
    .select({ id: savedQuery.id })
    .from(savedQuery)
    .where(and(inPlace(place), eq(savedQuery.name, name), ne(savedQuery.id, except)))
  return row !== undefined
}

/** False where one of the same id or name is there. */
export async function insertSavedQuery(db: Db, place: QueryPlace, query: SavedQuery): Promise<boolean> {
  const added = await db
    .insert(savedQuery)
    .values({ ...place, ...toRow(query) })
    .onConflictDoNothing()
    .returning({ id: savedQuery.id })
  return added.length > 0
}

/** Nothing is replaced where the one of this id is no longer as it was at `seen` (ms), or where another has the new name. */
export async function replaceSavedQuery(
  db: Db,
  place: QueryPlace,
  seen: number,
  query: SavedQuery,
): Promise<'replaced' | 'changed' | 'taken'> {
  try {
    const changed = await db
      .update(savedQuery)
      .set(toRow(query))
      .where(and(idIn(place, query.id), eq(savedQuery.changedAt, new Date(seen))))
      .returning({ id: savedQuery.id })
    return changed.length > 0 ? 'replaced' : 'changed'
  } catch (error) {
    if (sqlStateOf(error) === '23505') return 'taken'
    throw error
  }
}

export async function deleteSavedQuery(db: Db, place: QueryPlace, id: string): Promise<SavedQuery | undefined> {
  const [row] = await db.delete(savedQuery).where(idIn(place, id)).returning()
  return row && toSaved(row)
}

function toSaved({ environment: _e, database: _d, ...row }: typeof savedQuery.$inferSelect): SavedQuery {
  return SavedQuery.parse({ ...row, createdAt: row.createdAt.getTime(), changedAt: row.changedAt.getTime() })
}

const toRow = (query: SavedQuery) => ({
  ...query,
  createdAt: new Date(query.createdAt),
  changedAt: new Date(query.changedAt),
})
