import { circuitBreaker, handleAll, SamplingBreaker } from 'cockatiel'
import { measure } from '../harness/program.ts'
import { measureCalls, POLICY } from './calls.ts'

measure(() =>
  measureCalls(() => {
    const { threshold, windowMs, minimumRps, halfOpenAfterMs } = POLICY
    const policy = circuitBreaker(handleAll, {
      halfOpenAfter: halfOpenAfterMs,
      breaker: new SamplingBreaker({ threshold, duration: windowMs, minimumRps }),
    })
    return call => policy.execute(call)
  }),
)
