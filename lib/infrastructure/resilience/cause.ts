import type { BreakerState, BreakerTransition } from './port.ts'

/** Why a breaker that moves by itself has moved, for libraries that tell only from where to where. */
export function causeOf(from: BreakerState, to: BreakerState): BreakerTransition['cause'] {
  if (to === 'half-open') return 'probe'
  if (to === 'closed') return 'probe-succeeded'
  return from === 'half-open' ? 'probe-failed' : 'threshold'
}
