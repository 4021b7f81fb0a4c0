import type { BreakerRegistry } from 'substation/resilience'
import { callJson } from './http-call.ts'

export interface Tax {
  /** The rate of a country, as a share. */
  rate(country: string): Promise<number>
}

/** The tax service, behind the breaker `tax-service`. */
export function tax(breakers: BreakerRegistry, upstream: string): Tax {
  const breaker = breakers.create({
    name: 'tax-service',
    policy: { kind: 'count', threshold: 0.5, size: 20, minimumCalls: 5 },
    halfOpenAfterMs: 5_000,
    timeoutMs: 500,
    owner: 'finance team',
    runbook: 'demo/runbooks/tax-service.md',
  })
  return {
    rate: country =>
      breaker.execute(async ({ signal }) => {
        const answer = await callJson<{ rate: number }>(`${upstream}/tax?country=${encodeURIComponent(country)}`, {
          signal,
        })
        return answer.rate
      }),
  }
}
