import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import { testLibraryDatabase } from '../testing/library-database.ts'
import { startProgram } from '../testing/program.ts'
import { createSagas } from './index.ts'

const FILE = fileURLToPath(new URL('../testing/saga-program.ts', import.meta.url))
const database = testLibraryDatabase('saga')

const moments = (steps: readonly string[]) => steps.flatMap(step => [`${step}:before`, `${step}:after`])

test.each([
  { refused: false, state: 'completed', at: moments(['reserve', 'charge', 'ship']) },
  { refused: true, state: 'compensated', at: moments(['undo ship', 'undo charge', 'undo reserve']) },
])(
  'its processes are killed between and within all steps: it is $state, nothing is lost, and transactions count once',
  async ({ refused, state, at }) => {
    const { sql } = database
    await sql`drop table if exists effect, gate, reached`
    await sql`create table effect (what text not null, key text not null)`
    await sql`create table gate (moment text not null)`
    await sql`create table reached (moment text not null)`
    let id: unknown
    for (const moment of at) {
      await sql`truncate gate, reached`
      await sql`insert into gate values (${moment})`
      const victim = await startProgram(FILE, { args: [database.url] })
      id ??= await victim.ask('start', { refused })
      await vi.waitFor(async () => expect(await sql`select moment from reached`).toEqual([{ moment }]), {
        timeout: 60_000,
      })
      victim.kill()
    }
    await sql`truncate gate`
    const last = await startProgram(FILE, { args: [database.url] })
    const sagas = await createSagas({}, { sql })
    expect(await sagas.settled(String(id), { signal: AbortSignal.timeout(60_000) })).toMatchObject({ state })
    await sagas.close()
    await last.close()

    const effects = await sql<{ what: string; times: number; keys: number }[]>`
    select what, count(*)::int as times, count(distinct key)::int as keys from effect group by what order by what`
    const expected = refused
      ? ['charge', 'reserve', 'ship', 'undo charge', 'undo reserve', 'undo ship']
      : ['charge', 'reserve', 'ship']
    expect(effects.map(({ what }) => what)).toEqual(expected)
    for (const { what, times, keys } of effects) {
      expect(keys, what).toBe(1)
      // Killed after its effect and before it was noted, the step that is not transactional runs again under the same key.
      expect(times, what).toBe(what === (refused ? 'undo charge' : 'charge') ? 2 : 1)
    }
  },
  240_000,
)
