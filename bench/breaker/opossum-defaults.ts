import CircuitBreaker from 'opossum'
import { measure } from '../harness/program.ts'
import { measureClosed } from './calls.ts'

/** As opossum comes: with its timeout of 10 s and its latency percentiles. Only closed: see the README. */
measure(async () => {
  const breaker = new CircuitBreaker((call: () => Promise<number>) => call())
  const value = await measureClosed(call => breaker.fire(call))
  // Its rolling window needs a timer, which would keep the process alive.
  breaker.shutdown()
  return { value }
})
