import type { BreakerRegistry } from 'substation/resilience'
import { callJson, ProviderError } from '../providers/http-call.ts'

interface PlacedOrder {
  order: string
  status: string
}

export interface Checkouts {
  placeOrder(order: { product: number; customer: number }): Promise<PlacedOrder>
  /** Asks one of them whether it is there. */
  live(): Promise<unknown>
}

/** The instances of checkout in turn, behind the breaker `checkout`; one that does not answer is passed over. */
export function checkouts(breakers: BreakerRegistry, urls: readonly string[]): Checkouts {
  const breaker = breakers.create({
    name: 'checkout',
    policy: { kind: 'sampling', threshold: 0.5, durationMs: 10_000, minimumRps: 0.3 },
    halfOpenAfterMs: 3_000,
    timeoutMs: 3_000,
    // A refused order is an answer like any other.
    isExpected: error => error instanceof ProviderError && error.status < 500,
    owner: 'shop team',
    runbook: 'demo/runbooks/services.md',
  })
  let turn = 0

  async function ask<T>(path: string, options: { signal: AbortSignal; send?: unknown }): Promise<T> {
    const first = turn++
    for (let i = 0; ; i++) {
      try {
        return await callJson<T>(`${urls[(first + i) % urls.length]}${path}`, options)
      } catch (error) {
        const answered = error instanceof ProviderError
        if (answered || options.signal.aborted || i + 1 >= urls.length) throw error
      }
    }
  }
  return {
    placeOrder: send => breaker.execute(({ signal }) => ask('/orders', { signal, send })),
    live: () => breaker.execute(({ signal }) => ask('/live', { signal })),
  }
}
