export interface Renewal {
  /** Whether another may have taken over. */
  readonly lost: boolean
  stop(): void
}

/**
 * Renews a lease three times in its span, until it is stopped. `onLost` is called once when another has it (`renew` answers false), or, with
 * `expires`, when it could not be renewed for as long as it lasts, by this process' own clock.
 */
export function keepRenewed(
  { renew, leaseMs, expires }: { renew(): Promise<boolean>; leaseMs: number; expires: boolean },
  onLost: () => void,
): Renewal {
  let stopped = false
  let lost = false
  let renewedAt = performance.now()
  let asking = false
  const lose = () => {
    if (stopped) return
    lost = true
    stop()
    onLost()
  }
  const timer = setInterval(async () => {
    if (expires && performance.now() - renewedAt > leaseMs) return lose()
    if (asking) return
    asking = true
    const asked = performance.now()
    try {
      if (await renew()) renewedAt = asked
      else lose()
    } catch {
      // Unreachable: the next turn asks again.
    } finally {
      asking = false
    }
  }, leaseMs / 3)
  function stop() {
    stopped = true
    clearInterval(timer)
  }
  return {
    get lost() {
      return lost
    },
    stop,
  }
}
