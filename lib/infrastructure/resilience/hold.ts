import type { Clock } from '../../core/clock.ts'
import type { BreakerReport, ForceOptions } from './port.ts'

type Forced = NonNullable<BreakerReport['forced']>

/** The operator's hold on a breaker: who, why, and until when on the monotonic clock. */
export interface Hold {
  begin(options: ForceOptions): void
  end(): void
  current(): Forced | undefined
  /** ms until it expires; undefined when it does not. */
  remaining(): number | undefined
  /** Calls `onExpiry` when the time is up. Calls and reports check it; a timer covers a breaker without either. */
  check(): void
}

/** setTimeout's own limit, in ms. */
const LONGEST_TIMER = 2 ** 31 - 1

export function createHold(clock: Clock, onExpiry: () => void): Hold {
  let forced: Forced | undefined
  let endsAt: number | undefined
  let timer: NodeJS.Timeout | undefined

  function check(): void {
    if (endsAt !== undefined && clock.monotonic() >= endsAt) onExpiry()
  }
  function watch(): void {
    if (endsAt === undefined) return
    timer = setTimeout(
      () => {
        check()
        watch()
      },
      Math.min(Math.max(0, Math.ceil(endsAt - clock.monotonic())), LONGEST_TIMER),
    )
    timer.unref()
  }
  function end(): void {
    clearTimeout(timer)
    forced = undefined
    endsAt = undefined
  }
  return {
    begin({ id, state, reason, by, remainingMs }) {
      end()
      const since = clock.now()
      forced = { id, state, reason, by, since, ...(remainingMs === undefined ? {} : { until: since + remainingMs }) }
      if (remainingMs === undefined) return
      endsAt = clock.monotonic() + remainingMs
      watch()
    },
    end,
    current: () => forced,
    remaining: () => (endsAt === undefined ? undefined : endsAt - clock.monotonic()),
    check,
  }
}
