import type { Clock } from '../../core/clock.ts'

/** Who holds something, why, and for how long. */
export interface HoldOptions {
  id: string
  reason: string
  by: string
  /** Time until it expires, on the monotonic clock; absent means until it is ended. */
  remainingMs?: number
}

/** What is held, with its holder. Times are ms since the epoch. */
export type Held<What> = What & { id: string; reason: string; by: string; since: number; until?: number }

/** setTimeout's own limit, in ms. */
const LONGEST_TIMER = 2 ** 31 - 1

/** An operator's override of a breaker (a forced state, another policy): who, why, and until when on the monotonic clock. */
export class Hold<What extends object> {
  readonly #clock: Clock
  readonly #onExpiry: () => void
  #current: Held<What> | undefined
  #endsAt: number | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(clock: Clock, onExpiry: () => void) {
    this.#clock = clock
    this.#onExpiry = onExpiry
  }

  get current(): Held<What> | undefined {
    return this.#current
  }

  /** ms until it expires; undefined when it does not. */
  get remaining(): number | undefined {
    return this.#endsAt === undefined ? undefined : this.#endsAt - this.#clock.monotonic()
  }

  begin(what: What, { id, reason, by, remainingMs }: HoldOptions): void {
    this.end()
    const since = this.#clock.now()
    this.#current = {
      ...what,
      id,
      reason,
      by,
      since,
      ...(remainingMs === undefined ? {} : { until: since + remainingMs }),
    }
    if (remainingMs === undefined) return
    this.#endsAt = this.#clock.monotonic() + remainingMs
    this.#watch()
  }

  end(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#current = undefined
    this.#endsAt = undefined
  }

  /** Calls `onExpiry` when the time is up. Calls and reports check it; a timer covers a breaker without either. */
  check(): void {
    if (this.#endsAt !== undefined && this.#clock.monotonic() >= this.#endsAt) this.#onExpiry()
  }

  /** Whether it is held by this id; without an id, by anyone. */
  isHeldBy(id: string | undefined): boolean {
    return this.#current !== undefined && (id === undefined || id === this.#current.id)
  }

  #watch(): void {
    if (this.#endsAt === undefined) return
    const left = Math.ceil(this.#endsAt - this.#clock.monotonic())
    this.#timer = setTimeout(
      () => {
        this.check()
        this.#watch()
      },
      Math.min(Math.max(0, left), LONGEST_TIMER),
    )
    this.#timer.unref()
  }
}
