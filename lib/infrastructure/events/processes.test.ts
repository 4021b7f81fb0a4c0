import { fileURLToPath } from 'node:url'
import postgres from 'postgres'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { newId } from '../../core/ids.ts'
import { createKeyValue } from '../kv/index.ts'
import { libraryDatabase } from '../testing/library-database.ts'
import { type Program, startProgram } from '../testing/program.ts'
import { redisUrl } from '../testing/servers.ts'
import { createEvents, defineEvent } from './index.ts'

const counted = defineEvent({
  type: 'order.counted',
  parse: z.object({ key: z.string(), number: z.number() }).parse,
  key: ({ key }) => key,
})
const COUNT = 600

let database: Awaited<ReturnType<typeof libraryDatabase>>
let sql: postgres.Sql
let programs: Program[]
const namespace = `p-${newId()}`

beforeEach(async () => {
  database = await libraryDatabase('events')
  sql = postgres(database.url, { max: 2, onnotice: () => {} })
  await sql`create table handled (at bigint generated always as identity, id text, key text, number int)`
  programs = []
})
afterEach(async () => {
  await Promise.all(programs.map(program => program.close()))
  await sql.end()
  await database.drop()
})

async function start() {
  const file = fileURLToPath(new URL('../testing/events-program.ts', import.meta.url))
  const program = await startProgram(file, { args: [redisUrl(), database.url, namespace] })
  programs.push(program)
  await program.ask('start')
  return program
}

test('processes that relay and handle are killed again and again: no event is lost, and a key keeps its order', async () => {
  const subscriptions = await createKeyValue({ url: redisUrl(), namespace })
  const events = await createEvents({ service: 'shop' }, { sql, subscriptions })
  let victim = await start()
  for (let number = 0; number < COUNT; number++) {
    await events.publish(counted, { key: `k${number % 5}`, number })
    if (number % 200 === 150) {
      await victim.kill()
      victim = await start()
    }
  }
  await vi.waitFor(
    async () => expect(await sql`select count(distinct id)::int as n from handled`).toEqual([{ n: COUNT }]),
    { timeout: 60_000, interval: 200 },
  )
  // An event may be handled again after a crash, never for the first time after a later one of its key.
  const rows = await sql<{ key: string; number: number }[]>`select key, number from handled order by at`
  for (const key of ['k0', 'k1', 'k2', 'k3', 'k4']) {
    const firsts = [...new Set(rows.filter(row => row.key === key).map(row => row.number))]
    expect(firsts).toEqual(firsts.toSorted((a, b) => a - b))
  }
  await events.close()
  await subscriptions.close()
}, 120_000)
