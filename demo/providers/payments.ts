import type { PolicyRegistry } from 'substation/resilience'
import { callJson, ProviderError } from './http-call.ts'

export interface Payments {
  /** Reserves the amount (in cents). Rejects with ProviderError 402 for a declined card. */
  authorise(order: string, amount: number, card: string): Promise<void>
  /** Takes what was reserved; the same order twice is taken once. */
  capture(order: string, amount: number): Promise<void>
  /** Gives it back; the same key twice is given back once. */
  refund(key: string, amount: number): Promise<void>
}

/** The payment provider, behind the policy and breaker `payments-api`: at most so many calls at a time, and a second. */
export function payments(policies: PolicyRegistry, upstream: string): Payments {
  policies.declare({
    name: 'payments-api',
    timeoutMs: 800,
    breaker: {
      policy: { kind: 'sampling', threshold: 0.4, durationMs: 10_000, minimumRps: 0.3 },
      halfOpenAfterMs: 10_000,
      slowCallMs: 500,
      isExpected: error => error instanceof ProviderError && error.status === 402,
    },
    bulkhead: { maxConcurrent: 12, maxQueued: 24, queueTimeoutMs: 500 },
    rateLimit: { calls: 40, burst: 40, maxWaitMs: 200 },
    owner: 'payments team',
    runbook: 'demo/runbooks/payments-api.md',
  })
  const policy = policies.get('payments-api')
  const call = (path: string, send: object) =>
    policy.execute<void>(({ signal }) => callJson(`${upstream}/payments/${path}`, { signal, send }))
  return {
    authorise: (order, amount, card) => call('authorise', { order, amount, card }),
    capture: (order, amount) => call('capture', { order, amount }),
    refund: (key, amount) => call('refund', { key, amount }),
  }
}
