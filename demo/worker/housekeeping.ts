import { messageOf } from 'substation/core'
import type { PostgresDatabase } from 'substation/database'
import type { Logger } from 'substation/logging'
import type { Queues } from 'substation/queue'
import { CAPTURES, INVITATIONS, RECEIPTS, STATEMENTS } from '../shared/jobs.ts'

const EVERY = 600_000
/** Dead letters kept of each queue, the newest: a demo that runs for weeks must not fill the disk. */
const KEPT = 1_000

interface Housekeeping {
  start(): void
  stop(): void
}

/** Every ten minutes: orders of more than an hour ago go, and dead letters beyond a thousand. */
export function housekeeping({ sql }: PostgresDatabase, queues: Queues, logger: Logger): Housekeeping {
  let timer: NodeJS.Timeout | undefined

  async function clean() {
    const old = await sql`delete from shop.purchase where handed_over and created_at < now() - interval '1 hour'`
    let letters = 0
    for (const name of [CAPTURES, RECEIPTS, INVITATIONS, STATEMENTS]) {
      const queue = await queues.queue(name)
      const { jobs } = await queue.deadLetters({ offset: KEPT, limit: 500 })
      for (const { id } of jobs) if (await queue.remove(id)) letters++
    }
    logger.info('cleaned up', { orders: old.count, letters })
  }
  return {
    start() {
      timer = setInterval(() => {
        clean().catch(error => logger.warn('could not clean up', { reason: messageOf(error) }))
      }, EVERY)
    },
    stop: () => clearInterval(timer),
  }
}
