import type { Clock } from '../../core/clock.ts'
import { Durations } from './durations.ts'
import type { BusLag } from './report.ts'

/** How long messages take, on the clock of Redis: each answer that carries its time shows how far apart the clocks are. */
export class BusLagMeter {
  readonly #clock: Clock
  readonly #durations = new Durations()
  /** Redis' time minus the monotonic clock here. */
  #offset: number | undefined
  #last = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Asks Redis for something, and takes its time to be that of the middle of the round trip. */
  async timed<T extends { time: number }>(ask: () => Promise<T>): Promise<T> {
    const began = this.#clock.monotonic()
    const answer = await ask()
    this.#offset = answer.time - (began + this.#clock.monotonic()) / 2
    return answer
  }

  /** A message sent at this time of Redis has taken effect. */
  arrived(sentAt: number | undefined): void {
    if (sentAt === undefined || this.#offset === undefined) return
    this.#last = Math.max(0, this.#clock.monotonic() + this.#offset - sentAt)
    this.#durations.add(this.#last)
  }

  report(): BusLag | undefined {
    const spread = this.#durations.report()
    return spread && { ...spread, last: Math.round(this.#last * 10) / 10 }
  }
}
