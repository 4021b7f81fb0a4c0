import { and, eq, lte, sql } from 'drizzle-orm'
import { queuePause } from '../../../../drizzle/schema/index.ts'
import { messageOf } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import type { Logger } from '../../../infrastructure/logging/index.ts'
import { recordAudit } from '../../platform/audit/record.ts'
import { defineResource } from '../../platform/environment/resource.ts'
import type { Store } from '../../platform/store/port.ts'
import type { QueueRegistry } from './port.ts'
import { Queues } from './resource.ts'

/** How often ended pauses are looked for, how soon one of another console is known here, and how long one that could not be ended rests (ms). */
const EVERY = 2_000
const FRESH_FOR = 2_000
const AGAIN_AFTER = "interval '20 seconds'"
/** A queue that is not paused so long after it was noted was resumed by a program (ms). */
const SETTLED_AFTER = 10_000

/** By whom a queue was paused from this console, why, and until when (ms). */
export interface PauseNote {
  by: string
  reason?: string
  at: number
  until?: number
}

export interface QueuePauses {
  /** By server and `prefix:name`. While Postgres does not answer: the last known ones. */
  read(): Promise<(server: string, queue: string) => PauseNote | undefined>
  note(server: string, queue: string, note: Omit<PauseNote, 'at'>): Promise<void>
  forget(server: string, queue: string): Promise<void>
}

/** Remembers the pauses of this console, and resumes queues when the time of theirs is over: also one that another console, or an earlier one, began. */
export const QueuePauses = defineResource<QueuePauses>('queue-pauses', ({ name, store, logger, of }) => {
  const { start, close, ...pauses } = queuePauses(name, store, of(Queues), logger)
  return { value: pauses, start, close }
})

function queuePauses(environment: string, store: Store, queues: QueueRegistry, logger: Logger) {
  const { db } = store
  const ours = eq(queuePause.environment, environment)
  const keyOf = (server: string, queue: string) => `${server}\n${queue}`
  const rowOf = (server: string, queue: string) => and(ours, eq(queuePause.server, server), eq(queuePause.queue, queue))
  let known = new Map<string, PauseNote>()
  let readAt = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined
  let working = Promise.resolve()

  async function readAll() {
    const rows = await db.select().from(queuePause).where(ours)
    known = new Map(
      rows.map(({ server, queue, pausedBy, reason, at, until }) => [
        keyOf(server, queue),
        {
          by: pausedBy,
          at: at.getTime(),
          ...(reason === null ? {} : { reason }),
          ...(until === null ? {} : { until: until.getTime() }),
        },
      ]),
    )
    readAt = performance.now()
    return rows
  }

  async function forget(server: string, queue: string) {
    await db.delete(queuePause).where(rowOf(server, queue))
    await readAll()
  }

  /** Claimed in one statement, so that of several consoles one resumes it; one that fails is claimed again later. */
  async function endDue() {
    const due = await db
      .update(queuePause)
      .set({ until: sql`now() + ${sql.raw(AGAIN_AFTER)}` })
      .where(and(ours, lte(queuePause.until, sql`now()`)))
      .returning()
    for (const { server, queue, pausedBy, reason } of due) {
      try {
        await resume(server, queue, pausedBy, reason)
      } catch (error) {
        logger.warn('a queue could not be resumed at the end of its pause; it is tried again', { server, queue, error })
      }
    }
  }

  async function resume(serverName: string, queue: string, pausedBy: string, reason: string | null) {
    const server = queues.server(serverName)
    const found = await server?.find(queue, { maxAge: 0 })
    const address = server?.addressOf(queue)
    if (server && found?.paused && address) {
      const line = {
        run: newId(),
        environment,
        operation: 'queue.resume',
        target: { kind: 'queue', name: queue },
        actor: { id: 'substation', name: 'Substation', role: 'operator', via: 'console', request: newId() },
      } as const
      const why = `the time of the pause by ${pausedBy} is over${reason ? ` (${reason})` : ''}`
      const finish = (outcome: string, message: string) =>
        recordAudit(db, { ...line, seq: 1, kind: 'outcome', outcome, message })
      await recordAudit(db, { ...line, seq: 0, kind: 'started', input: { server: serverName, queue }, reason: why })
      const { major } = found.writer
      try {
        await server.acts.resume({ ...address, ...(major === undefined ? {} : { assumed: major }) })
      } catch (error) {
        await finish('failed', `${queue} could not be resumed, which is tried again: ${messageOf(error)}.`)
        throw error
      }
      void server.read({ maxAge: 0 })
      await finish('succeeded', `Resumed ${queue}: ${why}.`)
    }
    await forget(serverName, queue)
  }

  /** Who paused it says nothing of a queue that a program has resumed since. */
  async function forgetResumed() {
    for (const { server: serverName, queue, at } of await readAll()) {
      const server = queues.server(serverName)
      const address = server?.addressOf(queue)
      if (!server || !address || Date.now() - at.getTime() < SETTLED_AFTER) continue
      const [reading] = await server.queues.readings([address], { ages: false })
      if (!reading?.paused) await forget(serverName, queue)
    }
  }

  async function tick() {
    if (store.state !== 'ready') return
    await endDue()
    await forgetResumed()
  }

  return {
    async read() {
      if (store.state === 'ready' && performance.now() - readAt > FRESH_FOR) await readAll().catch(() => {})
      return (server: string, queue: string) => known.get(keyOf(server, queue))
    },
    async note(server: string, queue: string, { by, reason, until }: Omit<PauseNote, 'at'>) {
      const values = {
        pausedBy: by,
        reason: reason ?? null,
        at: new Date(),
        until: until === undefined ? null : new Date(until),
      }
      await db
        .insert(queuePause)
        .values({ environment, server, queue, ...values })
        .onConflictDoUpdate({ target: [queuePause.environment, queuePause.server, queuePause.queue], set: values })
      await readAll()
    },
    forget,
    start() {
      timer = setInterval(() => {
        working = working.then(tick).catch(error => {
          logger.warn('pauses of queues could not be looked after', { reason: messageOf(error) })
        })
      }, EVERY).unref()
    },
    async close() {
      clearInterval(timer)
      await working
    },
  }
}
