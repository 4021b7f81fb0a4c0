import postgres from 'postgres'
import { afterAll, beforeAll } from 'vitest'
import { newId } from '../../core/ids.ts'
import { libraryDatabase } from '../testing/library-database.ts'
import { redisUrl } from '../testing/servers.ts'
import { createScheduler } from './index.ts'
import { schedulerContract } from './scheduler.contract.ts'

let database: Awaited<ReturnType<typeof libraryDatabase>>
let sql: postgres.Sql

beforeAll(async () => {
  database = await libraryDatabase('scheduler')
  sql = postgres(database.url, { max: 4, onnotice: () => {} })
})
afterAll(async () => {
  await sql.end()
  await database.drop()
})

schedulerContract('memory', async () => {
  const scheduler = await createScheduler({ service: 'shop' })
  return { scheduler, close: () => scheduler.close({ timeoutMs: 100 }) }
})

schedulerContract('BullMQ, with runs in Postgres', async () => {
  const scheduler = await createScheduler(
    { service: `shop-${newId()}`, redisUrl: redisUrl(), prefix: `t-${newId()}`, lockMs: 1_000 },
    { sql },
  )
  return { scheduler, close: () => scheduler.close({ timeoutMs: 100 }) }
})
