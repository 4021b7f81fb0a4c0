import type { BreakerRegistry } from 'substation/resilience'
import { callJson, ProviderError } from './http-call.ts'

export interface Payments {
  /** Reserves the amount (in cents). Rejects with ProviderError 402 for a declined card. */
  authorise(order: string, amount: number, card: string): Promise<void>
  /** Takes what was reserved; the same order twice is taken once. */
  capture(order: string, amount: number): Promise<void>
}

/** The payment provider, behind the breaker `payments-api`. */
export function payments(breakers: BreakerRegistry, upstream: string): Payments {
  const breaker = breakers.create({
    name: 'payments-api',
    policy: { kind: 'sampling', threshold: 0.4, durationMs: 10_000, minimumRps: 0.3 },
    halfOpenAfterMs: 10_000,
    timeoutMs: 800,
    isExpected: error => error instanceof ProviderError && error.status === 402,
    owner: 'payments team',
    runbook: 'demo/runbooks/payments-api.md',
  })
  const call = (path: string, send: object) =>
    breaker.execute<void>(({ signal }) => callJson(`${upstream}/payments/${path}`, { signal, send }))
  return {
    authorise: (order, amount, card) => call('authorise', { order, amount, card }),
    capture: (order, amount) => call('capture', { order, amount }),
  }
}
