import { formatExact, formatPercent } from '@/components/status/number-format'
import { formatDuration } from '@/components/status/time-format'
import type { BreakerInstance } from '@/lib/console/areas/breakers/collect'

type Policy = BreakerInstance['policy']

/** When it opens, as a sentence: `Opens when 50 % of the calls within 30 s fail, from 10 calls on.` */
export function policyWords(policy: Policy): string {
  switch (policy.kind) {
    case 'consecutive':
      return `Opens after ${formatExact(policy.failures)} ${policy.failures === 1 ? 'failure' : 'failures'} in a row.`
    case 'count': {
      const from = fromWords(policy.minimumCalls ?? policy.size)
      return `Opens when ${formatPercent(policy.threshold)} of the last ${formatExact(policy.size)} calls fail${from}.`
    }
    case 'sampling': {
      const from = fromWords(((policy.minimumRps ?? 0) * policy.durationMs) / 1000)
      return `Opens when ${formatPercent(policy.threshold)} of the calls within ${formatDuration(policy.durationMs)} fail${from}.`
    }
  }
}

/** Nothing where the first call could open it, as opossum does by default. */
function fromWords(calls: number): string {
  const whole = Math.ceil(calls - 1e-6)
  return whole > 1 ? `, from ${formatExact(whole)} calls on` : ''
}

/** ` in 30 s`, after a count of calls. */
export function windowWords(policy: Policy): string {
  return policy.kind === 'sampling' ? ` in ${formatDuration(policy.durationMs)}` : ''
}
