import { newId } from '../../core/ids.ts'
import { testLibraryDatabase } from '../testing/library-database.ts'
import { redisUrl } from '../testing/servers.ts'
import { createScheduler } from './index.ts'
import { schedulerContract } from './scheduler.contract.ts'

const database = testLibraryDatabase('scheduler')

schedulerContract('memory', async () => {
  const scheduler = await createScheduler({ service: 'shop' })
  return { scheduler, close: () => scheduler.close({ timeoutMs: 100 }) }
})

schedulerContract('BullMQ, with runs in Postgres', async () => {
  const scheduler = await createScheduler(
    { service: `shop-${newId()}`, redisUrl: redisUrl(), prefix: `t-${newId()}`, lockMs: 1_000 },
    { sql: database.sql },
  )
  return { scheduler, close: () => scheduler.close({ timeoutMs: 100 }) }
})
