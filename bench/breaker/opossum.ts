import CircuitBreaker from 'opossum'
import { measure } from '../harness/program.ts'
import { measureCalls, POLICY } from './calls.ts'

measure(async () => {
  const opened: CircuitBreaker[] = []
  const found = await measureCalls(() => {
    const { threshold, windowMs, minimumRps, halfOpenAfterMs } = POLICY
    const breaker = new CircuitBreaker((call: () => Promise<number>) => call(), {
      timeout: false,
      errorThresholdPercentage: threshold * 100,
      rollingCountTimeout: windowMs,
      rollingCountBuckets: 10,
      volumeThreshold: (minimumRps * windowMs) / 1000,
      resetTimeout: halfOpenAfterMs,
      // On by default, but then every failure sorts the latencies of the whole window: at this rate a run would not end.
      rollingPercentilesEnabled: false,
    })
    opened.push(breaker)
    return call => breaker.fire(call)
  })
  // Its rolling window needs a timer, which would keep the process alive.
  for (const breaker of opened) breaker.shutdown()
  return found
})
