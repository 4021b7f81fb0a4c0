import type { QueueActivity, QueueAddress, QueueServer } from '../../../infrastructure/queue/index.ts'
import type { Known, QueueRate } from './port.ts'

/** How long a measurement counts as the current rate (ms). */
const GOOD_FOR = 45_000
/** The most queues whose streams are read at once. */
const AT_ONCE = 100

interface Measured {
  cursor?: string
  recorded?: { completed: number; failed: number; at: number }
  rate?: QueueRate
  at: number
  trouble?: string
}

export interface QueueRates {
  /** Reads on from where it stopped. Called by the leader, every ten seconds. */
  measure(queues: readonly (QueueAddress & { key: string })[], signal: AbortSignal): Promise<void>
  of(key: string): Known<QueueRate>
}

/**
 * How fast queues work: by their own metrics where they record them, otherwise by their stream of events, read on from a
 * cursor. Where events were trimmed before they could be read, the rate is unknown until the next measurement.
 */
export function queueRates(server: Pick<QueueServer, 'activity'>): QueueRates {
  const known = new Map<string, Measured>()

  function note(key: string, activity: QueueActivity, now: number) {
    const before = known.get(key)
    const { cursor, completed, failed, trimmed } = activity
    if (before?.cursor === undefined)
      return void known.set(key, { cursor, at: now, trouble: 'Measuring has just begun.' })
    // Without events only our own clock gives the span.
    const overMs = now - before.at
    known.set(key, {
      cursor,
      at: now,
      ...(overMs > 0 && !trimmed
        ? { rate: { completed: perSecond(completed, overMs), failed: perSecond(failed, overMs), overMs } }
        : { trouble: 'Its events are trimmed before they can be counted.' }),
    })
  }

  function noteRecorded(
    key: string,
    { cursor, recorded }: QueueActivity & Required<Pick<QueueActivity, 'recorded'>>,
    now: number,
  ) {
    const before = known.get(key)?.recorded
    const overMs = before ? now - before.at : 0
    const completed = recorded.completed - (before?.completed ?? 0)
    const failed = recorded.failed - (before?.failed ?? 0)
    known.set(key, {
      cursor,
      recorded: { ...recorded, at: now },
      at: now,
      ...(before && overMs > 0 && completed >= 0 && failed >= 0
        ? { rate: { completed: perSecond(completed, overMs), failed: perSecond(failed, overMs), overMs } }
        : { trouble: 'Measuring has just begun.' }),
    })
  }

  return {
    async measure(queues, signal) {
      const keys = new Set(queues.map(queue => queue.key))
      for (const key of known.keys()) if (!keys.has(key)) known.delete(key)
      for (let at = 0; at < queues.length; at += AT_ONCE) {
        signal.throwIfAborted()
        const piece = queues.slice(at, at + AT_ONCE)
        const found = await server.activity(piece.map(queue => ({ queue, cursor: known.get(queue.key)?.cursor })))
        const now = Date.now()
        piece.forEach(({ key }, index) => {
          const { recorded, ...activity } = found[index] as QueueActivity
          if (recorded) noteRecorded(key, { ...activity, recorded }, now)
          else note(key, activity, now)
        })
      }
    },
    of(key) {
      const measured = known.get(key)
      if (!measured) return { known: false, reason: 'It has not been measured yet.' }
      if (!measured.rate) return { known: false, reason: measured.trouble ?? 'It has not been measured yet.' }
      if (Date.now() - measured.at > GOOD_FOR) return { known: false, reason: 'It has not been measured lately.' }
      return { known: true, value: measured.rate }
    },
  }
}

const perSecond = (count: number, ms: number) => (count * 1_000) / ms
