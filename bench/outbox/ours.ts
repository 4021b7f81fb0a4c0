import postgres from 'postgres'
import { createEvents } from '../../lib/infrastructure/events/index.ts'
import { createQueues } from '../../lib/infrastructure/queue/index.ts'
import { measure } from '../harness/program.ts'
import { COUNT, type OutboxInput } from './events.ts'

/** The relay of the library, from its start until nothing is pending, to one subscription whose worker rests. */
measure<OutboxInput>(async ({ redisUrl, databaseUrl, prefix }) => {
  const sql = postgres(databaseUrl, { max: 4, onnotice: () => {} })
  const queues = await createQueues({ redisUrl, prefix })
  const events = await createEvents({ service: 'bench' }, { queues, sql })
  const subscription = await events.subscribe({ name: 'bench', to: ['order.*'] }, () => undefined)
  await subscription.close()
  const queue = await queues.queue('events-bench')
  const began = performance.now()
  events.startRelay()
  while (((await events.outbox())?.pending ?? 0) > 0) await new Promise(resolve => setTimeout(resolve, 25))
  const seconds = (performance.now() - began) / 1_000
  const { waiting } = await queue.counts()
  if (waiting !== COUNT) throw new Error(`${waiting} of ${COUNT} events are in the queue`)
  await events.close()
  await queues.close()
  await sql.end()
  return { value: seconds, extra: { perSecond: COUNT / seconds } }
})
