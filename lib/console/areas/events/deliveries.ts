import { z } from 'zod'
import { messageOf } from '../../../core/errors.ts'
import { parseJson } from '../../../core/json.ts'
import { anyOf } from '../../../infrastructure/events/index.ts'
import type { JobDetail } from '../../../infrastructure/queue/index.ts'
import type { ConsoleEnvironment } from '../../platform/environment/port.ts'
import { redactedText } from '../../platform/redact.ts'
import { Queues, queueTitle, type WatchedServer } from '../queues/index.ts'
import type { Subscribed } from './subscriptions.ts'

/** Jobs looked for, at most; and how many replays of each subscription. */
const MOST_LOOKUPS = 1_000
const REPLAYS_EACH = 5
/** The bytes of an event that are read for its facts. */
const READ = 65_536

/** `none`: its queue has no job of this event: it was not sent, or has been handled and is no longer kept. */
export type DeliveryState =
  | 'waiting'
  | 'active'
  | 'completed'
  | 'dead-letter'
  | 'elsewhere'
  | 'none'
  | 'unwanted'
  | 'unknown'

export interface Delivery {
  subscription: string
  state: DeliveryState
  /** Where its job is. */
  server?: string
  queue?: string
  title?: string
  job?: string
  error?: string
  addedAt?: number
  finishedAt?: number
  /** The replay that sent it; absent: the relay, or its publisher. */
  replay?: { id: string; by?: string; at: number }
  unknownBecause?: string
}

/** What is said of an event itself by each of its jobs. */
const Facts = z.object({
  type: z.string().max(300),
  version: z.number(),
  at: z.number(),
  source: z.string().max(300),
  correlationId: z.string().max(100),
  causationId: z.string().max(100).optional(),
})
export type EventFacts = z.infer<typeof Facts>

export interface Replay {
  id: string
  subscription: string
  at: number
  by?: string
}

/** The way of an event through the queues of all subscriptions. */
export async function deliveriesOf(
  environment: ConsoleEnvironment,
  event: { id: string; type?: string },
  {
    subscriptions,
    replays,
    mayRead,
  }: { subscriptions: readonly Subscribed[]; replays: readonly Replay[]; mayRead: boolean },
): Promise<{ deliveries: Delivery[]; facts?: EventFacts; cut: boolean }> {
  const { servers } = environment.of(Queues)
  const found: { subscription: string; replay?: Replay; key: string; server: WatchedServer; job: JobDetail }[] = []
  const failed = new Map<string, string>()
  const newestFirst = [...replays].sort((a, b) => b.at - a.at)
  let cut = false
  const asked = subscriptions.flatMap(({ name, keys }) => {
    const own = newestFirst.filter(({ subscription }) => subscription === name)
    cut ||= own.length > REPLAYS_EACH
    const ids = [undefined, ...own.slice(0, REPLAYS_EACH)]
    return keys.flatMap(key => ids.map(replay => ({ name, key, replay })))
  })
  const whole = asked.slice(0, MOST_LOOKUPS)
  await Promise.all(
    whole.map(async ({ name, key, replay }) => {
      const id = replay ? `${event.id}-${replay.id}` : event.id
      let trouble: string | undefined
      for (const server of servers) {
        const address = server.addressOf(key)
        if (!address) continue
        try {
          const job = await server.queues.job(address, id, { maxBytes: READ })
          if (job) return void found.push({ subscription: name, key, server, job, ...(replay ? { replay } : {}) })
        } catch (error) {
          trouble = messageOf(error)
        }
      }
      if (trouble !== undefined) failed.set(name, trouble)
    }),
  )
  const facts = found.map(({ job }) => Facts.safeParse(parseJson(job.data.text ?? '')).data).find(Boolean)
  const type = facts?.type ?? event.type
  const deliveries = subscriptions.flatMap(({ name, to }): Delivery[] => {
    const own = found.filter(({ subscription }) => subscription === name)
    const trouble = failed.get(name)
    const known = own.map(one => deliveryOf(one, mayRead)).sort((a, b) => (a.addedAt ?? 0) - (b.addedAt ?? 0))
    if (trouble !== undefined) return [...known, { subscription: name, state: 'unknown', unknownBecause: trouble }]
    if (known.length > 0) return known
    if (type !== undefined && !wants(to, type)) return [{ subscription: name, state: 'unwanted' }]
    return [{ subscription: name, state: 'none' }]
  })
  return { deliveries, cut: cut || whole.length < asked.length, ...(facts ? { facts } : {}) }
}

function deliveryOf(
  {
    subscription,
    replay,
    key,
    server,
    job,
  }: { subscription: string; replay?: Replay; key: string; server: WatchedServer; job: JobDetail },
  mayRead: boolean,
): Delivery {
  const error = job.error?.text
  return {
    subscription,
    state: stateOf(job),
    server: server.name,
    queue: key,
    title: queueTitle(key),
    job: job.id,
    ...(error ? { error: mayRead ? error : redactedText(error) } : {}),
    ...(job.addedAt === undefined ? {} : { addedAt: job.addedAt }),
    ...(job.finishedAt === undefined ? {} : { finishedAt: job.finishedAt }),
    ...(replay ? { replay: { id: replay.id, at: replay.at, ...(replay.by ? { by: replay.by } : {}) } } : {}),
  }
}

function stateOf({ state }: JobDetail): DeliveryState {
  switch (state) {
    case 'failed':
      return 'dead-letter'
    case 'active':
    case 'completed':
      return state
    case 'waiting':
    case 'prioritized':
      return 'waiting'
    default:
      return 'elsewhere'
  }
}

/** A pattern of another version of the library may not be read here; then it may want it. */
function wants(patterns: readonly string[], type: string): boolean {
  try {
    return anyOf(patterns)(type)
  } catch {
    return true
  }
}
