import { newId } from '../../core/ids.ts'
import type { KeyValue } from '../kv/index.ts'
import type { Queues, Worker } from '../queue/index.ts'
import { Causes } from './causes.ts'
import { deliver } from './delivery.ts'
import { type EventType, parsedData } from './event-type.ts'
import { fanOut, queuesOf } from './fan-out.ts'
import type { Outbox } from './outbox.ts'
import { matcherOf } from './pattern.ts'
import {
  type DomainEvent,
  type EventHandler,
  type Events,
  EventsError,
  type ReplayOptions,
  type SubscriptionOptions,
} from './port.ts'
import { startRelay } from './relay.ts'
import { EventsReports, reportedMessage } from './reports.ts'
import { SubscriptionList } from './subscription-list.ts'

const REPLAY_PIECE = 500
/** A deployment that goes wrong kills processes again and again: that is no reason to give up an event, one that kills its process is. */
const CRASHES = 10

interface Parts {
  service: string
  types: readonly EventType[]
  queues: Queues
  outbox: Outbox | undefined
  subscriptions: KeyValue | undefined
  onError(error: unknown): void
}

/** The events of one process. */
export function eventsOver({ service, types, queues, outbox, subscriptions, onError }: Parts): Events {
  const byType = new Map(types.map(type => [type.type, type]))
  const list = new SubscriptionList(subscriptions)
  const causes = new Causes()
  const reports = new EventsReports({ service, queues, outbox, list })
  const listeners = new Set<{ wants(type: string): boolean; listener(event: DomainEvent): unknown }>()
  const open = new Set<{ close(): Promise<void> }>()
  let relay: ReturnType<typeof startRelay> | undefined
  let closing: Promise<void> | undefined

  function assertOpen() {
    if (closing) throw new EventsError('The events of this process have been closed', { code: 'EVENTS_CLOSED' })
  }
  function required(): Outbox {
    if (outbox) return outbox
    throw new EventsError('This needs an outbox, and there is none', {
      code: 'EVENTS_NO_OUTBOX',
      nextStep: 'Pass sql to createEvents: a pool of postgres.js.',
    })
  }
  async function tell(event: DomainEvent) {
    for (const { wants, listener } of listeners) {
      if (!wants(event.type)) continue
      try {
        await causes.during(event, () => listener(event))
      } catch (error) {
        onError(error)
      }
    }
  }
  const send = async (events: readonly DomainEvent[]) => fanOut(queues, await list.list(), events)

  async function subscribe(options: SubscriptionOptions, handler: EventHandler) {
    const { name, to, partitions = 1, attempts = 3, backoffMs = 1_000, lockMs, breaker } = options
    if (!/^[A-Za-z0-9._-]{1,100}$/.test(name))
      throw new EventsError(`${JSON.stringify(name)} is not a name: 1 to 100 letters, digits, dots, _ and -`, {
        code: 'EVENTS_OPTIONS',
      })
    if (to.length === 0 || !Number.isInteger(partitions) || partitions < 1 || partitions > 64)
      throw new EventsError('A subscription has at least one pattern, and 1 to 64 partitions', {
        code: 'EVENTS_OPTIONS',
      })
    for (const pattern of to) matcherOf(pattern)
    await list.add({ name, to: [...to], partitions, service })
    const { tally, ended } = await reports.subscribed({ name, to: [...to], partitions })
    const work = deliver({
      types: byType,
      causes,
      handler,
      attempts,
      backoffMs,
      tally,
      ...(breaker ? { breaker } : {}),
    })
    const workers: Worker[] = []
    const end = async () => {
      ended()
      await Promise.all(workers.map(worker => worker.close()))
    }
    // One job at a time over all processes keeps the order of a queue, also while the event of a killed one waits to be taken over.
    try {
      for (const queue of queuesOf({ name, partitions }))
        workers.push(
          await queues.work(queue, work, {
            concurrency: 1,
            globalConcurrency: 1,
            crashes: CRASHES,
            ...(lockMs === undefined ? {} : { lockMs }),
            ...(breaker ? { dependsOn: [breaker.name] } : {}),
          }),
        )
    } catch (error) {
      await end()
      throw error
    }
    const subscription = {
      async close() {
        open.delete(subscription)
        await end()
      },
    }
    open.add(subscription)
    return subscription
  }

  async function known(name: string) {
    const found = (await list.list({ maxAge: 0 })).find(known => known.name === name)
    if (!found) throw new EventsError(`There is no subscription ${name}`, { code: 'EVENTS_UNKNOWN' })
    return found
  }
  async function replay(name: string, { from, until = Date.now(), signal, id = newId(), onBegun }: ReplayOptions) {
    const stored = required()
    const subscription = await known(name)
    const report = reports.replayBegan(id, name)
    onBegun?.()
    let after = 0
    try {
      for (;;) {
        signal?.throwIfAborted()
        const events = await stored.stored({ from, until }, after, REPLAY_PIECE)
        report.sent += await fanOut(queues, [subscription], events, { replay: id })
        reports.changed()
        after = events.at(-1)?.position ?? after
        if (events.length < REPLAY_PIECE) return report.sent
      }
    } catch (error) {
      report.error = reportedMessage(error)
      throw error
    } finally {
      report.endedAt = Date.now()
      reports.changed()
    }
  }

  return {
    async publish(type, data, options = {}) {
      assertOpen()
      const parsed = parsedData(type, data)
      const id = newId()
      const cause = causes.current
      const key = options.key ?? type.key?.(parsed)
      const event = {
        id,
        type: type.type,
        version: type.version,
        data: parsed,
        at: Date.now(),
        source: service,
        correlationId: options.correlationId ?? cause?.correlationId ?? id,
        ...(key === undefined ? {} : { key }),
        ...(cause ? { causationId: cause.id } : {}),
      }
      if (options.in) {
        await required().add(event, options.in)
        reports.published++
        return event
      }
      if (outbox) await outbox.add(event)
      else await send([event])
      reports.published++
      await tell(event)
      return event
    },
    on(pattern, listener) {
      const entry = { wants: matcherOf(pattern), listener }
      listeners.add(entry)
      return () => void listeners.delete(entry)
    },
    async subscribe(options, handler) {
      assertOpen()
      return subscribe(options, handler)
    },
    async subscriptions() {
      return (await list.list({ maxAge: 0 })).map(({ wants: _, ...subscription }) => subscription)
    },
    unsubscribe: name => list.remove(name),
    replay,
    async count(name, { from, until = Date.now(), ...options }) {
      const stored = required()
      const { wants } = await known(name)
      const byType = await stored.countByType({ from, until }, options)
      return [...byType].reduce((sum, [type, count]) => sum + (wants(type) ? count : 0), 0)
    },
    find: async id => required().find(id),
    outbox: async () => outbox?.state(),
    startRelay() {
      assertOpen()
      if (relay) return
      const sending = { outbox: required(), send, onSent: (count?: number) => reports.relayed(count) }
      reports.relayStarted()
      relay = startRelay({
        ...sending,
        onError(error) {
          reports.relayFailed(error)
          onError(error)
        },
      })
    },
    removeSent: async (olderThanMs, { limit = 10_000 } = {}) => required().removeSent(olderThanMs, limit),
    reports: () => reports.reports(),
    get revision() {
      return reports.revision
    },
    close() {
      closing ??= (async () => {
        await relay?.stop()
        await Promise.all([...open].map(subscription => subscription.close()))
        await reports.close()
        await outbox?.close()
      })()
      return closing
    },
  }
}
