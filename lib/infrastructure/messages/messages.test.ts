import postgres from 'postgres'
import { expect, test } from 'vitest'
import { testLibraryDatabase } from '../testing/library-database.ts'
import { createDatabase } from '../testing/servers.ts'
import { createMessages } from './index.ts'
import { messagesContract } from './messages.contract.ts'
import { email } from './setting.contract.ts'

const database = testLibraryDatabase('messages')

messagesContract('memory', async () => {
  const messages = await createMessages()
  expect(messages.shared).toBe(false)
  return { messages, close: () => messages.close() }
})

messagesContract('Postgres', async () => {
  await database.sql`truncate substation_app.message, substation_app.message_event, substation_app.message_suppression`
  const messages = await createMessages({ sql: database.sql })
  expect(messages.shared).toBe(true)
  return { messages, close: () => messages.close() }
})

test('what is written in a transaction is kept exactly if it commits', async () => {
  const messages = await createMessages({ sql: database.sql })
  const queued = (await messages.record(email('queued@example.com'))).message.id
  const write = async (sql: postgres.TransactionSql) => {
    const { message } = await messages.record(email('new@example.com'), { in: sql })
    await messages.note([{ message: { id: message.id }, kind: 'accepted', provider: 'smtp' }], { in: sql })
    await messages.suppress([{ channel: 'email', address: 'listed@example.com', reason: 'manual' }], { in: sql })
    await messages.cancel(queued, { by: 'mia', in: sql })
    return message.id
  }
  const rolledBack: string[] = []
  await expect(
    database.sql.begin(async sql => {
      rolledBack.push(await write(sql))
      throw new Error('no')
    }),
  ).rejects.toThrow('no')
  expect(await messages.find(String(rolledBack[0]))).toBeUndefined()
  expect(await messages.find(queued)).toMatchObject({ status: 'queued' })
  const id = await database.sql.begin(write)
  expect(await messages.find(id)).toMatchObject({ status: 'sent' })
  expect(await messages.find(queued)).toMatchObject({ status: 'cancelled' })
  await database.sql.begin(sql => messages.unsuppress('email', 'listed@example.com', { in: sql }))
  expect((await messages.suppressed('email', ['listed@example.com'])).size).toBe(0)
})

test('a database without its tables, or that does not answer, is named', async () => {
  const empty = await createDatabase()
  const sql = postgres(empty.url, { max: 1, onnotice: () => {} })
  const messages = await createMessages({ sql })
  await expect(messages.find('x')).rejects.toMatchObject({
    code: 'MESSAGES_REFUSED',
    nextStep: expect.stringContaining("libraryMigrations('messages')"),
  })
  await sql.end()
  await empty.drop()
  const none = postgres({ host: '127.0.0.1', port: 1, max: 1 })
  const unreachable = await createMessages({ sql: none })
  await expect(unreachable.list()).rejects.toMatchObject({ code: 'MESSAGES_UNREACHABLE', retryable: true })
  await none.end()
})
