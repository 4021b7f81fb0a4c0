import { setTimeout as pause } from 'node:timers/promises'
import type { Outbox, StoredEvent } from './outbox.ts'

const PIECE = 500
/** How long it rests when nothing is pending, when another process sends, and after a failure (ms). */
const IDLE = 200
const STANDBY = 1_000
const TROUBLED = 1_000

interface RelayOptions {
  outbox: Outbox
  send(events: readonly StoredEvent[]): Promise<unknown>
  /** How many a piece had; undefined when another process is sending. */
  onSent?(count: number | undefined): void
  onError(error: unknown): void
}

/** Sends what is in the outbox until it is stopped; resolves once the piece under way is done. */
export function startRelay({ outbox, send, onSent, onError }: RelayOptions): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const { signal } = stopping
  const rest = (ms: number) => pause(ms, undefined, { signal }).catch(() => undefined)
  async function run() {
    while (!signal.aborted) {
      try {
        const sent = await outbox.sendNext(PIECE, async events => void (await send(events)))
        onSent?.(sent)
        if (sent === undefined) await rest(STANDBY)
        else if (sent < PIECE) await rest(IDLE)
      } catch (error) {
        onError(error)
        await rest(TROUBLED)
      }
    }
  }
  const ended = run()
  return {
    stop() {
      stopping.abort()
      return ended
    },
  }
}
