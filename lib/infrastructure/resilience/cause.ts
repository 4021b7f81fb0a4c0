import type { BreakerState, BreakerTransition } from './port.ts'

/** The cause of an automatic transition, for libraries that report only its two states. */
export function causeOf(from: BreakerState, to: BreakerState): BreakerTransition['cause'] {
  if (to === 'half-open') return 'probe'
  if (to === 'closed') return 'probe-succeeded'
  return from === 'half-open' ? 'probe-failed' : 'threshold'
}
