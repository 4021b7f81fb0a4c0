import { createBreakerRegistry } from '../../lib/infrastructure/resilience/index.ts'
import { measure } from '../harness/program.ts'
import { measureCalls, POLICY } from './calls.ts'

measure(() => {
  const registry = createBreakerRegistry()
  let made = 0
  return measureCalls(() => {
    const { threshold, windowMs, minimumRps, halfOpenAfterMs } = POLICY
    const breaker = registry.create({
      name: `dependency-${++made}`,
      policy: { kind: 'sampling', threshold, durationMs: windowMs, minimumRps },
      halfOpenAfterMs,
    })
    return call => breaker.execute(call)
  })
})
