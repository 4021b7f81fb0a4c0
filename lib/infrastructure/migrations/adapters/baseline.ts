import { type BaselineOptions, type MigrationEntry, MigrationError } from '../port.ts'
import { ensureJournal, type Locked } from './locked.ts'
import { recordOf } from './one-by-one.ts'
import { rollBack } from './script.ts'

/** Records these as applied, all or none. Refuses where a table that they leave behind does not exist. */
export async function baselineOf(
  locked: Locked,
  plan: readonly MigrationEntry[],
  { despiteMissingTables }: BaselineOptions,
): Promise<string[]> {
  const { connection } = locked
  const missing = await missingTables(locked, plan)
  if (missing.length > 0 && !despiteMissingTables)
    throw new MigrationError(
      `${missing
        .slice(0, 5)
        .map(({ table, by }) => `${table} (${by})`)
        .join(
          ', ',
        )} ${missing.length === 1 ? 'does' : 'do'} not exist here, so these migrations have not had their effect`,
      {
        code: 'MIGRATION_FINDINGS',
        migration: missing[0]?.by,
        nextStep: `Choose an earlier migration as the baseline: one whose effect the database has.`,
      },
    )
  await connection.send('begin')
  try {
    await ensureJournal(locked)
    for (const entry of plan) await recordOf({ ...locked, by: `${locked.by} (baseline)` }, entry, 'up', 0)
    await connection.send('commit')
  } catch (error) {
    await rollBack(connection)
    throw error
  }
  return plan.map(({ name }) => name)
}

/** Tables that these create and no later one of them drops or renames, as far as their text says. */
async function missingTables({ connection }: Locked, plan: readonly MigrationEntry[]) {
  const left = new Map<string, string>()
  for (const { name, file } of plan)
    for (const { forecast } of file?.up.statements ?? []) {
      if (forecast?.createsTable !== undefined) left.set(forecast.createsTable, name)
      for (const gone of forecast?.removesTables ?? []) left.delete(gone)
    }
  const tables = [...left.keys()]
  if (tables.length === 0) return []
  const { rows } = await connection.send(
    'select name from jsonb_array_elements_text($1::text::jsonb) as name where to_regclass(name) is null',
    [JSON.stringify(tables)],
  )
  return rows.map(row => ({ table: String(row.name), by: left.get(String(row.name)) ?? '' }))
}
