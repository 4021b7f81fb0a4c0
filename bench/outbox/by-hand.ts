import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import postgres from 'postgres'
import { measure } from '../harness/program.ts'
import { COUNT, type OutboxInput, type PendingRow } from './events.ts'

/** The loop that a service would write by hand: read 500, add them to a queue of BullMQ, mark them. */
measure<OutboxInput>(async ({ redisUrl, databaseUrl, prefix }) => {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} })
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: null })
  const queue = new Queue('by-hand', { connection: redis, prefix })
  await queue.waitUntilReady()
  const began = performance.now()
  for (let sent = -1; sent !== 0; ) {
    sent = await sql.begin(async transaction => {
      const rows = await transaction<PendingRow[]>`
        select position, id, type, data, key from substation_app.event_outbox where sent_at is null order by position limit 500 for update skip locked`
      if (rows.length === 0) return 0
      await queue.addBulk(
        rows.map(({ id, type, data }) => ({ name: type, data: JSON.parse(data), opts: { jobId: id } })),
      )
      await transaction`update substation_app.event_outbox set sent_at = now() where position in ${transaction(rows.map(({ position }) => position))}`
      return rows.length
    })
  }
  const seconds = (performance.now() - began) / 1_000
  const waiting = await queue.getWaitingCount()
  if (waiting !== COUNT) throw new Error(`${waiting} of ${COUNT} events are in the queue`)
  await queue.close()
  redis.disconnect()
  await sql.end()
  return { value: seconds, extra: { perSecond: COUNT / seconds } }
})
