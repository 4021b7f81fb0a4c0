import postgres from 'postgres'
import { expect, test } from 'vitest'
import { testLibraryDatabase } from '../testing/library-database.ts'
import { createDatabase } from '../testing/servers.ts'
import { createChannel, createInbox, type InboxChange } from './index.ts'
import { inboxContract } from './notifications.contract.ts'

const database = testLibraryDatabase('notifications')

inboxContract('An inbox in memory', async () => {
  const inbox = await createInbox()
  return { inbox, another: async () => inbox, close: () => inbox.close() }
})

inboxContract('An inbox in Postgres', async () => {
  await database.sql`truncate substation_app.notification_inbox`
  const opened = [await createInbox({ sql: database.sql })]
  return {
    inbox: opened[0] as (typeof opened)[0],
    async another() {
      opened.push(await createInbox({ sql: database.sql }))
      return opened.at(-1) as (typeof opened)[0]
    },
    async close() {
      for (const inbox of opened) await inbox.close()
    },
  }
})

test('the channel of an inbox adds once for each key, and not after an abort', async () => {
  const inbox = await createInbox()
  const channel = await createChannel({ via: 'in-app', inbox })
  const signal = new AbortController().signal
  const first = await channel.send({ text: 'hello' }, 'ada', { idempotencyKey: 'a', signal })
  expect(await channel.send({ text: 'hello' }, 'ada', { idempotencyKey: 'a', signal })).toEqual(first)
  await expect(
    channel.send({ text: 'hello' }, 'ada', { idempotencyKey: 'b', signal: AbortSignal.abort() }),
  ).rejects.toMatchObject({ code: 'NOTIFICATION_ABORTED' })
  expect(await inbox.unread('ada')).toBe(1)
})

test('a watcher is told when it may have missed something', async () => {
  const heard: InboxChange[] = []
  const inbox = await createInbox({ sql: database.sql })
  await inbox.watch('ada', change => heard.push(change))
  await database.sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and query ilike 'listen%'`
  await expect.poll(() => heard).toEqual([{ kind: 'missed' }])
  const id = await inbox.add('ada', { text: 'after it' }, 'missed')
  await expect.poll(() => heard.at(-1)).toEqual({ kind: 'added', id })
  await inbox.close()
})

test('a database without the tables is named, with what to do', async () => {
  const empty = await createDatabase()
  const sql = postgres(empty.url, { max: 2 })
  const inbox = await createInbox({ sql })
  await expect(inbox.unread('ada')).rejects.toMatchObject({
    code: 'NOTIFICATION_STORE_REFUSED',
    nextStep: expect.stringContaining("libraryMigrations('notifications')"),
  })
  await inbox.close()
  await sql.end()
  await empty.drop()
})

test('a watcher without a server is refused', async () => {
  const sql = postgres('postgres://nobody@127.0.0.1:1/none', { max: 1 })
  const inbox = await createInbox({ sql })
  await expect(inbox.watch('ada', () => undefined)).rejects.toMatchObject({ code: 'NOTIFICATION_STORE_UNREACHABLE' })
  await inbox.close()
  await sql.end()
})
