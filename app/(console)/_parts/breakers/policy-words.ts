import { formatExact, formatPercent } from '@/components/status/number-format'
import { formatDuration } from '@/components/status/time-format'
import type { BreakerInstance } from '@/lib/console/breakers/collect'

type Policy = BreakerInstance['policy']

/** When it opens, as a sentence: `Opens when 50 % of the calls within 30 s fail, from 5 calls a second on.` */
export function policyWords(policy: Policy): string {
  switch (policy.kind) {
    case 'consecutive':
      return `Opens after ${formatExact(policy.failures)} ${policy.failures === 1 ? 'failure' : 'failures'} in a row.`
    case 'count': {
      const from = policy.minimumCalls === undefined ? '' : `, from ${formatExact(policy.minimumCalls)} calls on`
      return `Opens when ${formatPercent(policy.threshold)} of the last ${formatExact(policy.size)} calls fail${from}.`
    }
    case 'sampling': {
      const from = policy.minimumRps === undefined ? '' : `, from ${formatExact(policy.minimumRps)} calls a second on`
      return `Opens when ${formatPercent(policy.threshold)} of the calls within ${formatDuration(policy.durationMs)} fail${from}.`
    }
  }
}

/** ` in 30 s`, after a count of calls. */
export function windowWords(policy: Policy): string {
  return policy.kind === 'sampling' ? ` in ${formatDuration(policy.durationMs)}` : ''
}
