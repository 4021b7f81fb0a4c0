import type { ConsoleEnvironment } from '../../platform/environment/port.ts'
import type { Outages } from '../../platform/part/outages.ts'
import { part } from '../../platform/part/read-part.ts'
import type { Store } from '../../platform/store/port.ts'
import type { StandingOf } from './attention.ts'
import { Migrations } from './resource.ts'
import { latestRuns } from './runs.ts'

/** What is shown on every page need not be as fresh as the page of migrations itself (ms). */
const FRESH_ENOUGH = 10_000

/** Where all databases of an environment stand, for the verdict and the frame. */
export async function standingsOf(
  environment: ConsoleEnvironment,
  store: Store,
  outages: Outages,
): Promise<StandingOf[]> {
  const migrations = environment.of(Migrations)
  if (migrations.databases.length === 0) return []
  const [runs, ...standings] = await Promise.all([
    part('Postgres', outages, latestRuns(store, environment.name)),
    ...migrations.databases.map(database => database.read(FRESH_ENOUGH)),
  ])
  return standings.map((standing, index) => {
    const database = migrations.databases[index]?.name ?? ''
    return { database, standing, latest: runs.status === 'up' ? runs.data.get(database) : undefined }
  })
}
