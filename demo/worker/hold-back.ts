import type { Worker } from 'substation/queue'
import type { Breaker, BreakerRegistry } from 'substation/resilience'

/**
 * Lets a worker rest while the breaker it depends on is open: jobs that fail fast would only spend their tries. They
 * wait in the queue instead, and when a probe is due a few are let go to make it. Returns how to stop.
 */
export function holdBack(worker: Worker, breakers: BreakerRegistry, name: string): () => void {
  let timer: NodeJS.Timeout | undefined
  let resting = false

  function rest(breaker: Breaker) {
    clearTimeout(timer)
    if (!resting) void worker.pause().catch(() => undefined)
    resting = true
    timer = setTimeout(() => reconsider(breaker), breaker.report().halfOpenAfterMs)
  }

  function work() {
    clearTimeout(timer)
    if (resting) worker.resume()
    resting = false
  }

  function reconsider(breaker: Breaker) {
    // Forced open means until somebody says otherwise; otherwise the next job is the probe.
    if (breaker.report().forced?.state === 'open') rest(breaker)
    else work()
  }

  const stop = breakers.onTransition(({ breaker, to }) => {
    const found = breaker === name ? breakers.get(name) : undefined
    if (!found) return
    if (to === 'open') rest(found)
    else work()
  })
  return () => {
    stop()
    clearTimeout(timer)
  }
}
