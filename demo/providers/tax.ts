import type { CacheRegistry } from 'substation/cache'
import type { PolicyRegistry } from 'substation/resilience'
import { callJson } from './http-call.ts'

export interface Tax {
  /** The rate of a country, as a share. */
  rate(country: string): Promise<number>
  /** The same, always of the service itself. */
  ask(country: string): Promise<number>
}

/** The tax service, behind the policy and breaker `tax-service` and the cache `tax-rates`: a hiccup is retried, within a budget. */
export async function tax(policies: PolicyRegistry, caches: CacheRegistry, upstream: string): Promise<Tax> {
  policies.declare({
    name: 'tax-service',
    timeoutMs: 500,
    breaker: { policy: { kind: 'count', threshold: 0.5, size: 20, minimumCalls: 5 }, halfOpenAfterMs: 5_000 },
    retry: { attempts: 2, initialDelayMs: 50, budget: { ratio: 0.1 } },
    idempotent: true,
    owner: 'finance team',
    runbook: 'demo/runbooks/tax-service.md',
  })
  const policy = policies.get('tax-service')
  // Briefly and in memory alone: few countries, and a rate that is wrong for long costs money.
  const cache = await caches.create({
    name: 'tax-rates',
    kind: 'memory',
    ttlMs: 1_500,
    l1Max: 50,
    owner: 'finance team',
  })
  const ask = (country: string) =>
    policy.execute(async ({ signal }) => {
      const answer = await callJson<{ rate: number }>(`${upstream}/tax?country=${encodeURIComponent(country)}`, {
        signal,
      })
      return answer.rate
    })
  return { rate: country => cache.getOrSet(country, () => ask(country)), ask }
}
