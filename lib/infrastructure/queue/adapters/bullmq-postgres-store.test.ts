import { createServer, connect as dial, type Socket } from 'node:net'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createDatabase } from '../../testing/servers.ts'
import { createQueues, migrateQueues } from '../index.ts'
import { bullmqPostgresStore } from './bullmq-postgres-store.ts'

let database: Awaited<ReturnType<typeof createDatabase>>
let sql: postgres.Sql

beforeAll(async () => {
  database = await createDatabase()
  await migrateQueues({ postgresUrl: database.url })
  sql = postgres(database.url, { max: 1 })
})
afterAll(async () => {
  await sql.end()
  await database.drop()
})

test('a request to end a job is kept for an hour', async () => {
  const store = bullmqPostgresStore(database.url, { timeoutMs: 5_000 })
  const queues = await createQueues({ postgresUrl: database.url })
  const queue = await queues.queue('cancels')
  const end = Promise.withResolvers<void>()
  await queues.work('cancels', () => end.promise)
  const { id } = await queue.add('x', 1)
  await vi.waitFor(async () => expect(await queue.counts()).toMatchObject({ active: 1 }))
  const keep = (name: string, value: string) =>
    sql`insert into bullmq.meta (queue, field, value) values ('other', ${`substation:cancel:${name}`}, ${value})`
  await sql`insert into bullmq.meta (queue, field, value) values ('other', 'paused', 'yes')`
  const now = Date.now()
  const twoHours = 7_200_000
  await keep('long-job', `${now - twoHours} ${now}`)
  await keep('expired', `${now - twoHours} ${now - twoHours}`)
  await keep('without-time', String(now))
  await keep('old-without-time', String(now - twoHours))
  expect(await store.cancels('other')).toEqual({ 'long-job': now - twoHours, 'without-time': now })
  const left = await sql`select field from bullmq.meta where queue = 'other' order by field`
  expect(left.map(({ field }) => field)).toEqual([
    'paused',
    'substation:cancel:long-job',
    'substation:cancel:without-time',
  ])
  expect(await store.requestCancel('cancels', id)).toBe('requested')
  expect(await store.cancels('cancels')).toEqual({ [id]: expect.any(Number) })
  end.resolve()
  await queues.close({ timeoutMs: 500 })
  await store.close()
})

test('a worker is open once its limit over all workers is kept; it is refused where that fails', async () => {
  const queues = await createQueues({ postgresUrl: database.url })
  await queues.work('limited', () => undefined, { globalConcurrency: 3 })
  expect(await sql`select value from bullmq.meta where queue = 'limited' and field = 'concurrency'`).toMatchObject([
    { value: '3' },
  ])
  await queues.close({ timeoutMs: 500 })
  const away = await createQueues({ postgresUrl: 'postgres://127.0.0.1:1/none', timeoutMs: 2_000 })
  await expect(away.work('limited', () => undefined, { globalConcurrency: 3 })).rejects.toMatchObject({
    code: 'QUEUE_UNREACHABLE',
  })
  await away.close({ timeoutMs: 100 })
})

test('queues of a Postgres that has become silent can be closed, and leave no connection open', async () => {
  const proxy = await silenceable(database.url)
  const queues = await createQueues({ postgresUrl: proxy.url, timeoutMs: 2_000 })
  const queue = await queues.queue('silent')
  await queues.work('silent', () => undefined)
  await queue.add('x', 1)
  await vi.waitFor(async () => expect(await queue.counts()).toMatchObject({ completed: 1 }))
  proxy.silence()
  await expect(queue.counts()).rejects.toMatchObject({ code: 'QUEUE_UNREACHABLE' })
  await queues.close({ timeoutMs: 100 })
  await vi.waitFor(() => expect(proxy.open()).toBe(0), 5_000)
  proxy.close()
}, 30_000)

/** Before a Postgres: once silenced, connections stay open and nothing is passed on. */
async function silenceable(url: string) {
  const { hostname, port } = new URL(url)
  const clients = new Set<Socket>()
  let silent = false
  const proxy = createServer({ allowHalfOpen: true }, client => {
    const server = dial(Number(port), hostname)
    clients.add(client)
    client.on('data', chunk => silent || server.write(chunk))
    server.on('data', chunk => silent || client.write(chunk))
    server.on('error', () => client.destroy()).on('close', () => silent || client.destroy())
    client.on('end', () => silent || server.end())
    client.on('error', () => clients.delete(client)).on('close', () => clients.delete(client))
  })
  await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve))
  const address = proxy.address()
  const proxied = new URL(url)
  proxied.port = String(typeof address === 'object' && address ? address.port : 0)
  return {
    url: proxied.href,
    silence: () => {
      silent = true
    },
    open() {
      // One whose other end was destroyed, and not only ended, is reset by what is sent to it.
      for (const client of clients) client.write('\0')
      return clients.size
    },
    close() {
      for (const client of clients) client.destroy()
      proxy.close()
    },
  }
}
