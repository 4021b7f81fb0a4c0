import { z } from 'zod'
import { isId } from '../../../../core/ids.ts'
import type { Part } from '../../../platform/part/part.ts'
import { part } from '../../../platform/part/read-part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { text } from '../../../platform/view/text-filters.ts'
import { type Delivery, deliveriesOf, type EventFacts, type Replay } from '../deliveries.ts'
import { readReported } from '../read.ts'
import { replayRuns } from '../replay-runs.ts'
import { type StoredIn, storedIn } from '../stored.ts'

export interface EventData {
  /** What was asked for has the shape of an id. */
  isId: boolean
  /** What the outboxes say of it. */
  stored?: Part<StoredIn[]>
  way?: Part<{
    facts?: EventFacts
    deliveries: Delivery[]
    /** There are more queues, or replays, than were looked into. */
    cut: boolean
    /** Replays from this console could not be read: their deliveries may be missing. */
    replaysUnknown: boolean
  }>
}

const STORED_WAIT = 4_000

/** One event: what the outbox knows of it, and its way through the queues of all subscriptions. */
export const eventView = defineView({
  id: 'event',
  title: 'Event',
  permission: 'event:read',
  topics: ['subscriptions', 'queues'],
  filters: z.object({ id: text(60) }),
  freshFor: 1_000,
  async read({ environment, store, permissions }, { id: given }): Promise<EventData> {
    // A delivery has the id of its event, and after a dash that of its replay.
    const id = given.slice(0, 26).toUpperCase()
    if (!isId(id)) return { isId: false }
    const reported = await readReported(environment)
    if (reported.status === 'down') return { isId: true, stored: reported, way: reported }
    const { subscriptions, outboxes } = reported.data
    const fleet = `The fleet of ${environment.name}`
    // Nobody can be asked.
    const stored: Part<StoredIn[]> =
      reported.status === 'stale'
        ? { status: 'down', reason: reported.reason, since: reported.since, nextStep: reported.nextStep }
        : await part(fleet, environment.outages, storedIn(environment, outboxes, id), STORED_WAIT)
    const type = stored.status === 'up' ? stored.data.find(({ event }) => event)?.event?.type : undefined
    const way = await part('Redis', environment.outages, readWay())
    return {
      isId: true,
      stored,
      way: way.status === 'up' && reported.status === 'stale' ? { ...reported, data: way.data } : way,
    }

    async function readWay() {
      const names = subscriptions.map(({ name }) => name)
      const runs = await replayRuns(store, environment.name, names).catch(() => undefined)
      const known = new Map<string, Replay>(
        subscriptions.flatMap(({ replays }) =>
          replays.map(({ id, subscription, startedAt }) => [id, { id, subscription, at: startedAt }] as const),
        ),
      )
      for (const { id, subscription, at, by } of runs ?? [])
        known.set(id, { ...known.get(id), id, subscription, at, by })
      const found = await deliveriesOf(
        environment,
        { id, ...(type === undefined ? {} : { type }) },
        { subscriptions, replays: [...known.values()], mayRead: permissions.includes('queue:payload') },
      )
      return { ...found, replaysUnknown: runs === undefined }
    }
  },
})
