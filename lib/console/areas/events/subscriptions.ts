import { byText } from '../../../core/text-order.ts'
import { queuesOf } from '../../../infrastructure/events/index.ts'
import type { ReplayItem } from './events-item.ts'
import { LATE_AFTER } from './outboxes.ts'
import type { QueueFigures } from './queue-figures.ts'
import type { reportingIn } from './reporting.ts'

/** `unhandled`: no living process has it, and its events wait. `behind`: the oldest has waited for more than a minute. */
export type SubscriptionState = 'unhandled' | 'behind' | 'dead-letters' | 'paused' | 'unknown' | 'handling'

export interface SubscriptionRow {
  name: string
  to: string[]
  partitions: number
  services: string[]
  state: SubscriptionState
  /** Of each partition, in their order. */
  queues: QueueFigures[]
  /** Over all partitions. Absent when one of them is unknown. */
  waiting?: number
  waitingSince?: number
  active?: number
  deadLetters?: number
  perSecond?: number
  /** What its queues show is old, and why. */
  staleBecause?: string
  /** Since the starts of its processes; absent where none reports it. */
  counts?: { handled: number; failed: number; deadLettered: number }
  lastHandledAt?: number
  processes: { id: string; service: string; instance: string; alive: boolean; handled: number }[]
  /** The newest first, of all processes. */
  replays: ReplayItem[]
}

export type Subscribed = Pick<SubscriptionRow, 'name' | 'to' | 'partitions' | 'services' | 'processes' | 'replays'> & {
  keys: string[]
} & Pick<SubscriptionRow, 'counts' | 'lastHandledAt'>

/** Each subscription once: as its processes report it, or as those know it that send. */
export function subscribed({
  subscriptions,
  known,
  processes,
}: Omit<ReturnType<typeof reportingIn>, 'omitted'>): Subscribed[] {
  const byName = new Map<string, Subscribed>()
  for (const [name, members] of Map.groupBy(subscriptions, ({ item }) => item.name)) {
    const { item } = members.find(({ living }) => living) ?? (members[0] as (typeof members)[number])
    const last = members.flatMap(({ item: { lastHandledAt }, time }) => (lastHandledAt ? [time(lastHandledAt)] : []))
    const sum = (of: 'handled' | 'failed' | 'deadLettered') => members.reduce((all, { item }) => all + item[of], 0)
    byName.set(name, {
      name,
      to: item.to,
      partitions: item.partitions,
      keys: keysOf(item, item.prefix),
      services: [...new Set(members.map(({ process }) => process.service))].sort(byText),
      processes: members.map(({ process: { id, service, instance }, living, item }) => ({
        ...{ id, service, instance, alive: living, handled: item.handled },
      })),
      counts: { handled: sum('handled'), failed: sum('failed'), deadLettered: sum('deadLettered') },
      ...(last.length > 0 ? { lastHandledAt: Math.max(...last) } : {}),
      replays: [],
    })
  }
  for (const { name, to, partitions, service, prefix } of known)
    if (!byName.has(name) && prefix !== undefined) {
      const keys = keysOf({ name, partitions }, prefix)
      byName.set(name, { name, to, partitions, services: [service], keys, processes: [], replays: [] })
    }
  for (const { item, time } of processes)
    for (const replay of item.replays)
      byName.get(replay.subscription)?.replays.push({
        ...replay,
        startedAt: time(replay.startedAt),
        ...(replay.endedAt === undefined ? {} : { endedAt: time(replay.endedAt) }),
      })
  return [...byName.values()]
    .map(one => ({ ...one, replays: one.replays.sort((a, b) => b.startedAt - a.startedAt) }))
    .sort((a, b) => byText(a.name, b.name))
}

const keysOf = (of: Pick<Subscribed, 'name' | 'partitions'>, prefix: string) =>
  queuesOf(of).map(queue => `${prefix}:${queue}`)

export function subscriptionRow(
  { keys, ...subscription }: Subscribed,
  figures: ReadonlyMap<string, QueueFigures>,
  now: number,
): SubscriptionRow {
  const queues = keys.map(key => figures.get(key) ?? { key, title: key, unknownBecause: 'It has not been read' })
  const since = queues.flatMap(({ waitingSince }) => waitingSince ?? [])
  const sums = {
    ...summed(queues, 'waiting'),
    ...summed(queues, 'active'),
    ...summed(queues, 'deadLetters'),
    ...summed(queues, 'perSecond'),
  }
  const row = { ...subscription, queues, ...sums, ...(since.length > 0 ? { waitingSince: Math.min(...since) } : {}) }
  const stale = queues.find(({ staleBecause }) => staleBecause)?.staleBecause
  return { ...row, state: stateOf(row, now), ...(stale === undefined ? {} : { staleBecause: stale }) }
}

function summed(
  queues: readonly QueueFigures[],
  of: 'waiting' | 'active' | 'deadLetters' | 'perSecond',
): Partial<Record<typeof of, number>> {
  const values = queues.flatMap(queue => queue[of] ?? [])
  return values.length === queues.length ? { [of]: values.reduce((sum, value) => sum + value, 0) } : {}
}

function stateOf(row: Omit<SubscriptionRow, 'state'>, now: number): SubscriptionState {
  if (!row.processes.some(({ alive }) => alive)) return 'unhandled'
  if (row.waitingSince !== undefined && now - row.waitingSince > LATE_AFTER) return 'behind'
  if (row.deadLetters) return 'dead-letters'
  if (row.queues.some(({ paused }) => paused)) return 'paused'
  const isKnown = row.queues.every(({ staleBecause }) => !staleBecause) && row.waiting !== undefined
  return isKnown ? 'handling' : 'unknown'
}

const TROUBLE: readonly SubscriptionState[] = ['unhandled', 'behind', 'dead-letters', 'paused']
export const isTroubled = ({ state }: Pick<SubscriptionRow, 'state'>) => TROUBLE.includes(state)
