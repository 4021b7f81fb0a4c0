import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'substation/logging'
import { createScheduler, type Scheduler } from 'substation/scheduler'
import type { ServiceConfig } from '../shared/config.ts'

const BERLIN = 'Europe/Berlin'
const RUNBOOK = 'demo/runbooks/services.md'
/** The books are closed every two minutes. That takes half a minute, and every twenty minutes longer than there is time. */
const CLOSING = 30_000
const LONG_CLOSING = 180_000
const MINUTE = 60_000

/** What the shop does at set times. */
export async function schedules(config: ServiceConfig, logger: Logger): Promise<Scheduler> {
  const scheduler = await createScheduler({
    service: config.service,
    redisUrl: config.fleet.redisUrl,
    timeoutMs: 1_000,
    onError: error => logger.warn('a schedule could not be read or noted', { error }),
  })
  const owned = { owner: 'shop team', runbook: RUNBOOK }
  await scheduler.schedule(
    {
      ...owned,
      name: 'close-the-books',
      when: { cron: '*/2 * * * *', timeZone: BERLIN },
      description: 'Closes the books, as it would every night; every twenty minutes it takes too long, on purpose',
      catchUp: 'skip',
    },
    ({ dueAt, signal }) => pause((dueAt / MINUTE) % 20 === 0 ? LONG_CLOSING : CLOSING, undefined, { signal }),
  )
  await scheduler.schedule(
    {
      ...owned,
      name: 'price-list',
      when: { cron: '30 2 * * *', timeZone: BERLIN },
      description: 'Sends the new price list to the partners',
      timeoutMs: 10 * MINUTE,
    },
    ({ signal }) => pause(2_000, undefined, { signal }),
  )
  await scheduler.schedule(
    {
      ...owned,
      name: 'reorder-stock',
      when: { cron: '30 2 * * 1-6', timeZone: BERLIN },
      description: 'Orders what has run out',
      jitterMs: 20_000,
      catchUp: { all: 3 },
    },
    ({ signal }) => pause(5_000, undefined, { signal }),
  )
  await scheduler.schedule(
    {
      ...owned,
      name: 'currency-rates',
      when: { everyMs: 30_000 },
      description: 'Reads the rates of the day',
      jitterMs: 2_000,
    },
    ({ signal }) => pause(200 + 600 * Math.random(), undefined, { signal }),
  )
  return scheduler
}
