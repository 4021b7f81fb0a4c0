import type { Worker } from 'substation/queue'
import type { Breaker, BreakerRegistry } from 'substation/resilience'

/**
 * Lets a worker rest while the breaker it depends on is open: jobs that fail fast would only spend their tries. They
 * wait in the queue instead, and when a probe is due one is let go to make it. Returns how to stop.
 */
export function holdBack(worker: Worker, breakers: BreakerRegistry, name: string): () => void {
  let timer: NodeJS.Timeout | undefined
  let resting = false
  let wanted = false
  let moving = false

  /** One move after another: a worker that is resumed before its pause has ended may come to a standstill. */
  async function move(rest: boolean) {
    wanted = rest
    if (moving) return
    moving = true
    while (resting !== wanted) {
      resting = wanted
      if (resting) await worker.pause().catch(() => undefined)
      else worker.resume()
    }
    moving = false
  }

  function rest(breaker: Breaker) {
    clearTimeout(timer)
    timer = setTimeout(() => reconsider(breaker), breaker.report().halfOpenAfterMs)
    void move(true)
  }

  function work() {
    clearTimeout(timer)
    void move(false)
  }

  function reconsider(breaker: Breaker) {
    // Forced open means until it is released; otherwise the next job is the probe.
    if (breaker.report().forced?.state === 'open') rest(breaker)
    else work()
  }

  const stop = breakers.onTransition(({ breaker, to }) => {
    const found = breaker === name ? breakers.get(name) : undefined
    if (!found) return
    // While one job probes, the others wait for what it finds.
    if (to === 'closed') work()
    else rest(found)
  })
  return () => {
    stop()
    clearTimeout(timer)
  }
}
