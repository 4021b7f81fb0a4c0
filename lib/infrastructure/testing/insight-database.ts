import postgres from 'postgres'
import { afterAll, beforeAll } from 'vitest'
import { createInsight, type Insight } from '../insight/index.ts'
import { createDatabase } from './servers.ts'

/** A database for the tests of a file, with a pool to prepare it and an insight that reads it. */
export function insightDatabase() {
  let database: Awaited<ReturnType<typeof createDatabase>>
  const own = {
    sql: undefined as unknown as postgres.Sql,
    insight: undefined as unknown as Insight,
    url: '',
  }
  beforeAll(async () => {
    database = await createDatabase()
    own.url = database.url
    own.sql = postgres(database.url, { max: 8, onnotice: () => {} })
    own.insight = createInsight({ name: 'test', url: database.url, application: 'substation-insight' })
  })
  afterAll(async () => {
    await own.sql.end({ timeout: 1 })
    await own.insight.close()
    await database.drop()
  })
  return own
}
