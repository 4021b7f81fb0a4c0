import { byText } from '../../../core/text-order.ts'
import type { EventsItem } from './events-item.ts'
import type { Reporting } from './reporting.ts'

/** How old the oldest pending event may be before it needs attention (ms). */
export const LATE_AFTER = 60_000

/** `no-relay`: no process sends what is in it. `failing`: those that try fail. `late`: they send, and the oldest waits too long. */
export type OutboxState = 'relaying' | 'no-relay' | 'failing' | 'late' | 'unknown'

export interface RelayRow {
  process: string
  instance: string
  relayed: number
  /** Over the last minute. */
  perSecond?: number
  lastAt?: number
  /** Another process was sending when it last tried. */
  standby: boolean
  failing?: { since: number; message: string }
}

export interface OutboxRow {
  id: string
  /** Those whose living processes have it; where none lives, those that had it. */
  services: string[]
  state: OutboxState
  /** Absent when not known, with the reason. */
  pending?: number
  /** There are more than that: no more are counted. */
  more?: true
  oldestAt?: number
  unknownBecause?: string
  /** Since the starts of the processes. */
  published: number
  /** Of living processes. */
  relays: RelayRow[]
  processes: { id: string; service: string; instance: string }[]
}

/** Each outbox once: processes that report the same database share it. */
export function outboxRows(processes: readonly Reporting<EventsItem>[], now: number): OutboxRow[] {
  const storing = processes.filter(({ item }) => item.stores)
  const groups = Map.groupBy(storing, ({ process, item }) => item.database ?? `service ${process.service}`)
  return [...groups]
    .map(([id, members]) => rowOf(id, members, now))
    .sort((a, b) => byText(a.services.join(), b.services.join()))
}

function rowOf(id: string, members: readonly Reporting<EventsItem>[], now: number): OutboxRow {
  const living = members.filter(member => member.living)
  const relays = living.flatMap(({ process, item, time }): RelayRow[] => {
    if (!item.relay) return []
    const { failing, lastAt, since: _, ...relay } = item.relay
    return [
      {
        process: process.id,
        instance: process.instance,
        ...relay,
        ...(lastAt === undefined ? {} : { lastAt: time(lastAt) }),
        ...(failing ? { failing: { ...failing, since: time(failing.since) } } : {}),
      },
    ]
  })
  const depth = depthOf(living)
  return {
    id,
    services: [...new Set((living.length > 0 ? living : members).map(({ process }) => process.service))].sort(byText),
    state: stateOf(depth, relays, now),
    ...depth,
    published: members.reduce((sum, { item }) => sum + item.published, 0),
    relays,
    processes: living.map(({ process: { id, service, instance } }) => ({ id, service, instance })),
  }
}

type Depth = Pick<OutboxRow, 'pending' | 'more' | 'oldestAt' | 'unknownBecause'>

/** As the process says that read it last. */
function depthOf(living: readonly Reporting<EventsItem>[]): Depth {
  const readings = living
    .flatMap(({ item: { outbox }, time }) => (outbox ? [{ ...outbox, at: time(outbox.at), time }] : []))
    .sort((a, b) => b.at - a.at)
  for (const reading of readings)
    if ('pending' in reading) {
      const { pending, more, oldestAt, time } = reading
      return { pending, ...(more ? { more } : {}), ...(oldestAt === undefined ? {} : { oldestAt: time(oldestAt) }) }
    }
  const [failed] = readings
  if (failed && 'unknownBecause' in failed) return { unknownBecause: failed.unknownBecause }
  return { unknownBecause: living.length === 0 ? 'No process that has it is running' : 'It has not been read yet' }
}

function stateOf({ pending, oldestAt }: Depth, relays: readonly RelayRow[], now: number): OutboxState {
  if (relays.length > 0 && relays.every(({ failing }) => failing)) return 'failing'
  if (pending === undefined) return 'unknown'
  if (relays.length === 0) return 'no-relay'
  return oldestAt !== undefined && now - oldestAt > LATE_AFTER ? 'late' : 'relaying'
}
