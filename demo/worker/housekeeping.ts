import { messageOf } from 'substation/core'
import type { PostgresDatabase } from 'substation/database'
import type { Events } from 'substation/events'
import type { Logger } from 'substation/logging'
import type { Messages } from 'substation/messages'
import type { Queues } from 'substation/queue'
import { CAPTURES, INVITATIONS, RECEIPTS, STATEMENTS } from '../shared/jobs.ts'

const EVERY = 600_000
/** Dead letters kept of each queue, the newest: a demo that runs for weeks must not fill the disk. */
const KEPT = 1_000
/** Events that can still be replayed, and messages that can still be looked at (ms). */
const KEPT_FOR = 3_600_000
const BY_EVENTS = ['events-loyalty-0', 'events-loyalty-1', 'events-fulfilment']

interface Housekeeping {
  start(): void
  stop(): void
}

interface Needs {
  database: PostgresDatabase
  queues: Queues
  events: Events
  messages: Messages
  logger: Logger
}

/** Every ten minutes: orders, events and messages of more than an hour ago go, and dead letters beyond a thousand. */
export function housekeeping(needs: Needs): Housekeeping {
  const { queues, logger } = needs
  const { sql } = needs.database
  let timer: NodeJS.Timeout | undefined

  async function clean() {
    const old = await sql`delete from shop.purchase where handed_over and created_at < now() - interval '1 hour'`
    const events = await needs.events.removeSent(KEPT_FOR)
    const messages = await needs.messages.removeOlderThan(KEPT_FOR)
    let letters = 0
    for (const name of [CAPTURES, RECEIPTS, INVITATIONS, STATEMENTS, ...BY_EVENTS]) {
      const queue = await queues.queue(name)
      const { jobs } = await queue.deadLetters({ offset: KEPT, limit: 500 })
      for (const { id } of jobs) if (await queue.remove(id)) letters++
    }
    logger.info('cleaned up', { orders: old.count, events, messages, letters })
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
