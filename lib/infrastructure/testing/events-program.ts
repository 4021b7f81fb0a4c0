import postgres from 'postgres'
import { createEvents } from '../events/index.ts'
import { createKeyValue } from '../kv/index.ts'
import { createQueues } from '../queue/index.ts'
import { answerAsProgram } from './program.ts'

/** A process that relays and handles: what it is told it writes into the table `handled`. Arguments: Redis, Postgres, namespace. */
const [redisUrl = '', url = '', namespace = ''] = process.argv.slice(2)
const sql = postgres(url, { max: 4, onnotice: () => {} })
const queues = await createQueues({ redisUrl, prefix: namespace })
const subscriptions = await createKeyValue({ url: redisUrl, namespace })
const events = await createEvents({ service: 'receipts' }, { queues, sql, subscriptions })

answerAsProgram(
  {
    async start() {
      await events.subscribe(
        { name: 'receipts', to: ['order.*'], partitions: 2, lockMs: 1_000 },
        async ({ id, key, data }) => {
          await sql`insert into handled (id, key, number) values (${id}, ${key ?? null}, ${(data as { number: number }).number})`
        },
      )
      events.startRelay()
    },
  },
  async () => {
    await events.close()
    await queues.close()
    await subscriptions.close()
    await sql.end()
  },
)
