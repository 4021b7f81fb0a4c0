import type { Redis } from 'ioredis'
import type { FleetKeys } from '../../protocol/keys.ts'
import { EVENTS_KEPT, PROTOCOL_VERSION } from '../../protocol/limits.ts'
import type { FleetEvent, Identity } from '../../protocol/messages.ts'

const BUFFERED = 200

export interface EventPublisher {
  publish(kind: string, data: Record<string, unknown>): void
  /** Sends waiting events, oldest first; called when Redis is back. */
  drain(): Promise<void>
  /** Events dropped because too many waited. */
  readonly dropped: number
}

/** Writes state changes to the stream, in their order; buffers them while Redis is down, and drops and counts them beyond a limit. */
export function eventPublisher(
  redis: Redis,
  keys: FleetKeys,
  who: () => Identity,
  redisNow: () => number,
): EventPublisher {
  let waiting: FleetEvent[] = []
  let dropped = 0
  let sending: Promise<void> | undefined

  async function send() {
    while (waiting.length > 0 && redis.status === 'ready') {
      const batch = waiting.slice(0, 50)
      const pipeline = redis.pipeline()
      for (const event of batch) pipeline.xadd(keys.events, 'MAXLEN', '~', EVENTS_KEPT, '*', 'e', JSON.stringify(event))
      const results = await pipeline.exec()
      const failed = results?.find(([error]) => error)
      if (failed) throw failed[0] as Error
      waiting = waiting.slice(batch.length)
    }
  }

  const drain = () => {
    sending ??= send().finally(() => {
      sending = undefined
    })
    return sending
  }

  return {
    get dropped() {
      return dropped
    },
    publish(kind, data) {
      const { id, service, instance } = who()
      waiting.push({ v: PROTOCOL_VERSION, kind, process: id, service, instance, at: redisNow(), data })
      if (waiting.length > BUFFERED) {
        dropped += waiting.length - BUFFERED
        waiting = waiting.slice(-BUFFERED)
      }
      // What could not be sent stays in the buffer and is sent with the next registration.
      drain().catch(() => {})
    },
    drain,
  }
}
