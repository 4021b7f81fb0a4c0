import { createBreakerRegistry } from '../../lib/infrastructure/resilience/index.ts'
import { measure } from '../harness/program.ts'
import { type Guard, measureCalls, measureClosed, POLICY } from './calls.ts'

measure(async () => {
  const registry = createBreakerRegistry()
  let made = 0
  const open = (timed: { timeoutMs?: number; slowCallMs?: number } = {}): Guard => {
    const { threshold, windowMs, minimumRps, halfOpenAfterMs } = POLICY
    const breaker = registry.create({
      name: `dependency-${++made}`,
      policy: { kind: 'sampling', threshold, durationMs: windowMs, minimumRps },
      halfOpenAfterMs,
      ...timed,
    })
    return call => breaker.execute(call)
  }
  const { value, extra } = await measureCalls(() => open())
  // With a limit for slow calls each call is timed, not a sample.
  const everyCallTimed = await measureClosed(open({ slowCallMs: 1_000 }))
  const withTimeout = await measureClosed(open({ timeoutMs: 10_000 }))
  return { value, extra: { ...extra, everyCallTimed, withTimeout } }
})
