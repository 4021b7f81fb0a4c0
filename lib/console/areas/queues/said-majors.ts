import { and, eq } from 'drizzle-orm'
import { queueMajor } from '../../../../drizzle/schema/index.ts'
import type { QueueMajor } from '../../../infrastructure/queue/index.ts'
import type { Store } from '../../platform/store/port.ts'
import type { SaidMajor } from './major.ts'

/** What another console remembered is known here within this time (ms). */
const FRESH_FOR = 5_000

/** What operators said of the queues of an environment, remembered in the console's store. */
export interface SaidMajors {
  /** By server and `prefix:name`. While Postgres does not answer: what was last known. */
  read(options?: { maxAge?: number }): Promise<(server: string, queue: string) => SaidMajor | undefined>
  /** Resolves with what was said before. */
  say(server: string, queue: string, said: Omit<SaidMajor, 'at'>): Promise<SaidMajor | undefined>
  /** Back to what was said before, or to nothing. */
  putBack(server: string, queue: string, before: SaidMajor | undefined): Promise<void>
}

export function saidMajors({ db }: Pick<Store, 'db'>, environment: string): SaidMajors {
  let known = new Map<string, SaidMajor>()
  let readAt = Number.NEGATIVE_INFINITY
  let reading: Promise<void> | undefined
  const keyOf = (server: string, queue: string) => `${server}\n${queue}`
  const rowOf = (server: string, queue: string) =>
    and(eq(queueMajor.environment, environment), eq(queueMajor.server, server), eq(queueMajor.queue, queue))

  async function readAll() {
    const rows = await db.select().from(queueMajor).where(eq(queueMajor.environment, environment))
    known = new Map(
      rows.map(({ server, queue, major, saidBy, at, reason }) => [
        keyOf(server, queue),
        { major: major as QueueMajor, by: saidBy, at: at.getTime(), reason },
      ]),
    )
    readAt = performance.now()
  }

  async function refresh(maxAge: number) {
    if (maxAge > 0 && performance.now() - readAt < maxAge) return
    reading ??= readAll().finally(() => {
      reading = undefined
    })
    await reading.catch(() => {})
  }

  async function write(
    server: string,
    queue: string,
    { major, by, reason, at }: Omit<SaidMajor, 'at'> & { at?: number },
  ) {
    const said = { major, saidBy: by, reason, at: new Date(at ?? Date.now()) }
    await db
      .insert(queueMajor)
      .values({ environment, server, queue, ...said })
      .onConflictDoUpdate({ target: [queueMajor.environment, queueMajor.server, queueMajor.queue], set: said })
    await readAll()
  }

  return {
    async read({ maxAge = FRESH_FOR } = {}) {
      await refresh(maxAge)
      return (server, queue) => known.get(keyOf(server, queue))
    },
    async say(server, queue, said) {
      await readAll()
      const before = known.get(keyOf(server, queue))
      await write(server, queue, said)
      return before
    },
    async putBack(server, queue, before) {
      if (before) return write(server, queue, before)
      await db.delete(queueMajor).where(rowOf(server, queue))
      await readAll()
    },
  }
}
