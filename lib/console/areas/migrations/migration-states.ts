import type { ConsoleEnvironment } from '../../platform/environment/port.ts'
import type { Outages } from '../../platform/part/outages.ts'
import { part } from '../../platform/part/read-part.ts'
import type { Store } from '../../platform/store/port.ts'
import type { DatabaseState } from './attention.ts'
import { Migrations } from './resource.ts'
import { latestRuns } from './runs.ts'

/** How old a state may be on pages other than the migrations page (ms). */
const FRESH_ENOUGH = 10_000

/** The migration states of all databases of an environment, for the verdict and the frame. */
export async function migrationStates(
  environment: ConsoleEnvironment,
  store: Store,
  outages: Outages,
): Promise<DatabaseState[]> {
  const migrations = environment.of(Migrations)
  if (migrations.databases.length === 0) return []
  const [runs, ...states] = await Promise.all([
    part('Postgres', outages, latestRuns(store, environment.name)),
    ...migrations.databases.map(database => database.read(FRESH_ENOUGH)),
  ])
  return states.map((state, index) => {
    const database = migrations.databases[index]?.name ?? ''
    return { database, state, latest: runs.status === 'up' ? runs.data.get(database) : undefined }
  })
}
