import postgres from 'postgres'
import { createScheduler } from '../scheduler/index.ts'
import { answerAsProgram } from './program.ts'

/**
 * A process with a schedule `work`, which writes into the table `worked` when it runs, and with `hang` never ends. Arguments: Redis, Postgres,
 * prefix, every so many ms or a cron expression, `hang` or nothing.
 */
const [redisUrl = '', url = '', prefix = '', rule = '', hang] = process.argv.slice(2)
const sql = postgres(url, { max: 4, onnotice: () => {} })
const scheduler = await createScheduler({ service: 'shop', redisUrl, prefix, lockMs: 1_000 }, { sql })
await scheduler.schedule(
  {
    name: 'work',
    when: /^\d+$/.test(rule) ? { everyMs: Number(rule) } : { cron: rule },
    lateAfterMs: 300,
    catchUp: { all: 3 },
  },
  async ({ dueAt, attempt }) => {
    await sql`insert into worked (pid, due_at, attempt) values (${process.pid}, ${dueAt}, ${attempt})`
    if (hang && attempt === 1) await new Promise(() => undefined)
  },
)

answerAsProgram({ start: () => scheduler.start(), runNow: () => scheduler.runNow('work') }, async () => {
  await scheduler.close({ timeoutMs: 100 })
  await sql.end()
})
