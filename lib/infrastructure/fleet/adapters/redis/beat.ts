import type { Redis } from 'ioredis'
import type { FleetKeys } from '../../protocol/keys.ts'
import { BEAT_BYTES, BEAT_EXPIRY, PROTOCOL_VERSION } from '../../protocol/limits.ts'
import type { Beat, Vitals } from '../../protocol/messages.ts'

// One round trip: Redis' own clock, the sign of life, and the id of the last command, so that a lost nudge costs one beat at most.
const SCRIPT = `
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
local last = redis.call('XREVRANGE', KEYS[3], '+', '-', 'COUNT', 1)
return { now, last[1] and last[1][1] or '0-0' }`

/** The command that `defineCommand` adds. */
type WithBeat = Redis & {
  substationBeat(
    processes: string,
    beat: string,
    commands: string,
    id: string,
    payload: string,
    expiry: number,
  ): Promise<[number, string]>
}

export interface BeatResult {
  redisNow: number
  /** Own clock minus Redis TIME in ms, taken in the middle of the round trip. */
  skew: number
  lastCommand: string
}

export interface BeatSender {
  send(vitals: Vitals, rev: Record<string, number>, dropped: number): Promise<BeatResult>
}

export function beatSender(redis: Redis, keys: FleetKeys, id: string): BeatSender {
  redis.defineCommand('substationBeat', { numberOfKeys: 3, lua: SCRIPT })
  const call = (redis as WithBeat).substationBeat.bind(redis)
  let seq = 0
  let skew: number | undefined
  return {
    async send(vitals, rev, dropped) {
      seq++
      const payload = encode({ v: PROTOCOL_VERSION, id, seq, vitals, rev, skew, dropped: dropped || undefined })
      const before = Date.now()
      const [redisNow, lastCommand] = await call(keys.processes, keys.beat(id), keys.commands, id, payload, BEAT_EXPIRY)
      const after = Date.now()
      skew = Math.round((before + after) / 2 - redisNow)
      return { redisNow, skew, lastCommand }
    },
  }
}

function encode(beat: Beat): string {
  const text = JSON.stringify(beat)
  if (text.length <= BEAT_BYTES) return text
  // Only a great many domains can do this; their revisions are what may go, since details expire and are written again.
  return JSON.stringify({ ...beat, rev: {} })
}
