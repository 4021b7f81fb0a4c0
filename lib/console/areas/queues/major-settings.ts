import { and, eq } from 'drizzle-orm'
import { queueMajor } from '../../../../drizzle/schema/index.ts'
import type { QueueMajor } from '../../../infrastructure/queue/index.ts'
import type { Store } from '../../platform/store/port.ts'
import type { MajorSetting } from './major.ts'

/** How soon a major set in another console is known here (ms). */
const FRESH_FOR = 5_000

/** The majors that operators set for the queues of an environment, kept in the console's store. */
export interface MajorSettings {
  /** By server and `prefix:name`. While Postgres does not answer: the last known ones. */
  read(options?: { maxAge?: number }): Promise<(server: string, queue: string) => MajorSetting | undefined>
  /** Resolves with the earlier one. */
  set(server: string, queue: string, setting: Omit<MajorSetting, 'at'>): Promise<MajorSetting | undefined>
  /** Restores the earlier one, or removes it. */
  restore(server: string, queue: string, before: MajorSetting | undefined): Promise<void>
}

export function majorSettings({ db }: Pick<Store, 'db'>, environment: string): MajorSettings {
  let known = new Map<string, MajorSetting>()
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
    { major, by, reason, at }: Omit<MajorSetting, 'at'> & { at?: number },
  ) {
    const setting = { major, saidBy: by, reason, at: new Date(at ?? Date.now()) }
    await db
      .insert(queueMajor)
      .values({ environment, server, queue, ...setting })
      .onConflictDoUpdate({ target: [queueMajor.environment, queueMajor.server, queueMajor.queue], set: setting })
    await readAll()
  }

  return {
    async read({ maxAge = FRESH_FOR } = {}) {
      await refresh(maxAge)
      return (server, queue) => known.get(keyOf(server, queue))
    },
    async set(server, queue, setting) {
      await readAll()
      const before = known.get(keyOf(server, queue))
      await write(server, queue, setting)
      return before
    },
    async restore(server, queue, before) {
      if (before) return write(server, queue, before)
      await db.delete(queueMajor).where(rowOf(server, queue))
      await readAll()
    },
  }
}
