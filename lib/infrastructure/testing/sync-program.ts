import { setTimeout as pause } from 'node:timers/promises'
import postgres from 'postgres'
import { createSyncs } from '../sync/index.ts'
import { answerAsProgram } from './program.ts'

/**
 * A process that pulls `count` numbers, ten a page, into the table `pulled`, which takes any number twice. It waits at the page that the table `gate`
 * names. Arguments: Postgres, count.
 */
const [url = '', count = ''] = process.argv.slice(2)
const sql = postgres(url, { max: 4, onnotice: () => {} })
const syncs = await createSyncs({ sql })
const isClosed = async (from: number) => (await sql`select 1 from gate where closed_from <= ${from}`).length > 0
const sync = syncs.define({
  name: 'numbers',
  strategy: 'full',
  leaseMs: 500,
  async pull({ page = '0' }) {
    const from = Number(page)
    while (await isClosed(from)) await pause(5)
    const items = Array.from({ length: 10 }, (_, n) => ({ id: String(from + n) }))
    return { items, ...(from + 10 < Number(count) ? { next: String(from + 10) } : {}) }
  },
  async apply(items, { in: transaction = sql }) {
    for (const { id } of items) await transaction`insert into pulled (id) values (${id})`
  },
  id: ({ id }) => id,
})

answerAsProgram({ run: () => sync.run() }, async () => {
  await syncs.close()
  await sql.end()
})
