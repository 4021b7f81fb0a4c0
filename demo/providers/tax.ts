import type { CacheRegistry } from 'substation/cache'
import type { BreakerRegistry } from 'substation/resilience'
import { callJson } from './http-call.ts'

export interface Tax {
  /** The rate of a country, as a share. */
  rate(country: string): Promise<number>
  /** The same, always of the service itself. */
  ask(country: string): Promise<number>
}

/** The tax service, behind the breaker `tax-service` and the cache `tax-rates`. */
export async function tax(breakers: BreakerRegistry, caches: CacheRegistry, upstream: string): Promise<Tax> {
  const breaker = breakers.create({
    name: 'tax-service',
    policy: { kind: 'count', threshold: 0.5, size: 20, minimumCalls: 5 },
    halfOpenAfterMs: 5_000,
    timeoutMs: 500,
    owner: 'finance team',
    runbook: 'demo/runbooks/tax-service.md',
  })
  // Briefly and in memory alone: few countries, and a rate that is wrong for long costs money.
  const cache = await caches.create({
    name: 'tax-rates',
    kind: 'memory',
    ttlMs: 1_500,
    l1Max: 50,
    owner: 'finance team',
  })
  const ask = (country: string) =>
    breaker.execute(async ({ signal }) => {
      const answer = await callJson<{ rate: number }>(`${upstream}/tax?country=${encodeURIComponent(country)}`, {
        signal,
      })
      return answer.rate
    })
  return { rate: country => cache.getOrSet(country, () => ask(country)), ask }
}
