import { setTimeout as pause } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { parseJson } from '../../core/json.ts'
import { FleetEvent, fleetKeys } from '../../infrastructure/fleet/index.ts'
import type { StoredEvent } from './port.ts'

const BLOCK = 4_000
const AFTER_TROUBLE = 500

interface Options {
  environment: string
  /** A connection of its own: reading blocks it. */
  redis: Redis
  /** The id of the last stored event: reading begins after it. */
  cursor(): Promise<string>
  onEvents(events: StoredEvent[]): Promise<void> | void
}

/** Reads the fleet's event stream continuously, from what is stored; pauses while Redis is down. */
export function eventReader({ environment, redis, cursor, onEvents }: Options) {
  const keys = fleetKeys(environment)
  let stopped = false
  let loop: Promise<void> | undefined

  async function run() {
    let position: string | undefined
    while (!stopped) {
      try {
        position ??= await cursor()
        const answer = await redis.xread('COUNT', 200, 'BLOCK', BLOCK, 'STREAMS', keys.events, position)
        const entries = answer?.[0]?.[1] ?? []
        const events = entries.flatMap(([streamId, fields]) => {
          const parsed = FleetEvent.safeParse(parseJson(fields[1]))
          return parsed.success ? [{ ...parsed.data, streamId }] : []
        })
        if (events.length > 0) await onEvents(events)
        position = entries.at(-1)?.[0] ?? position
      } catch {
        // Redis or Postgres is down; the parts of the views say so. What was not stored is read again from the cursor.
        position = undefined
        await pause(AFTER_TROUBLE, undefined, { ref: false })
      }
    }
  }

  return {
    start() {
      loop ??= run()
    },
    async close() {
      stopped = true
      redis.disconnect()
      await loop
    },
  }
}
