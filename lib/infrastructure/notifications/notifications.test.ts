import { beforeAll } from 'vitest'
import { newId } from '../../core/ids.ts'
import { createMessages } from '../messages/index.ts'
import { createMigrations, libraryMigrations } from '../migrations/index.ts'
import { createQueues } from '../queue/index.ts'
import { testLibraryDatabase } from '../testing/library-database.ts'
import { redisUrl } from '../testing/servers.ts'
import { createNotifications, type Notifications } from './index.ts'
import { notificationsContract } from './notifications.contract.ts'

const database = testLibraryDatabase('notifications')
beforeAll(async () => {
  const migrations = await createMigrations({ url: database.url, source: libraryMigrations('messages') })
  await migrations.up({ by: 'test' })
  await migrations.close()
})

notificationsContract('Notifications in memory', async () => {
  const messages = await createMessages()
  const opened: Notifications[] = []
  return {
    messages,
    async open(options) {
      const one = await createNotifications(options, { messages })
      opened.push(one)
      return one
    },
    async close() {
      for (const one of opened) await one.close()
    },
  }
})

notificationsContract('Notifications in Postgres, with queues in Redis', async () => {
  const { sql } = database
  await sql`truncate substation_app.notification, substation_app.notification_key, substation_app.notification_preference,
    substation_app.message, substation_app.message_event, substation_app.message_suppression`
  const messages = await createMessages({ sql })
  const queues = await createQueues({ redisUrl: redisUrl(), prefix: `notifications-${newId()}` })
  const opened: Notifications[] = []
  return {
    messages,
    async open(options) {
      const one = await createNotifications(options, { sql, queues, messages })
      opened.push(one)
      return one
    },
    async close() {
      for (const one of opened) await one.close()
      await queues.close()
      await messages.close()
    },
  }
})
