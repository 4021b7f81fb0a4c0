import type { ChainableCommander, Redis } from 'ioredis'
import type { FleetKeys } from '../../protocol/keys.ts'
import { BEAT_BYTES, BEAT_EXPIRY, PROTOCOL_VERSION } from '../../protocol/limits.ts'
import type { Beat, Vitals } from '../../protocol/messages.ts'

/** Redis' time is read with every fifth heartbeat; in between it is computed from the monotonic clock. */
const MEASURE_EVERY = 5

export interface BeatSender {
  /** Estimated Redis TIME (ms): the wall clock before the first measurement, independent of it afterwards. */
  redisNow(): number
  /** Reads Redis' time at once: after a reconnect it may be another server's. */
  measure(): Promise<void>
  /** Sends the heartbeat, in one round trip of plain commands (a script costs Redis twice as much). */
  send(vitals: Vitals, rev: Record<string, number>, dropped: number): Promise<{ lastCommand: string; isNew: boolean }>
}

export function beatSender(redis: Redis, keys: FleetKeys, id: string): BeatSender {
  let seq = 0
  let known: { redis: number; monotonic: number } | undefined

  const redisNow = () => (known ? known.redis + (performance.now() - known.monotonic) : Date.now())

  /** Taken in the middle of the round trip. */
  function note([seconds, micros]: [string | number, string | number], before: number) {
    known = { redis: Number(seconds) * 1000 + Number(micros) / 1000, monotonic: (before + performance.now()) / 2 }
  }

  return {
    redisNow: () => Math.round(redisNow()),
    async measure() {
      const before = performance.now()
      note((await redis.time()) as unknown as [string, string], before)
    },
    async send(vitals, rev, dropped) {
      const skew = Math.round(Date.now() - redisNow())
      const payload = encode({ v: PROTOCOL_VERSION, id, seq: ++seq, vitals, rev, skew, dropped: dropped || undefined })
      const before = performance.now()
      const beat: ChainableCommander = redis
        .pipeline()
        .set(keys.beat(id), payload, 'PX', BEAT_EXPIRY)
        .zadd(keys.processes, Math.round(redisNow()), id)
        .get(keys.lastCommand)
      if (seq % MEASURE_EVERY === 0) beat.time()
      const results = (await beat.exec()) as [Error | null, unknown][]
      const failed = results.find(([error]) => error)
      if (failed) throw failed[0] as Error
      const time = results[3]?.[1] as [string, string] | undefined
      if (time) note(time, before)
      // `isNew`: Redis no longer knew this process, because it was removed or Redis lost its data.
      return { lastCommand: (results[2]?.[1] as string | null) ?? '', isNew: results[1]?.[1] === 1 }
    },
  }
}

function encode(beat: Beat): string {
  const text = JSON.stringify(beat)
  if (text.length <= BEAT_BYTES) return text
  // Only a great many domains reach the limit. Their revisions can be left out, since details expire and are written again.
  return JSON.stringify({ ...beat, rev: {} })
}
