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
      // Where nothing is said, cockatiel waits until the window is full.
      const from = formatExact(policy.minimumCalls ?? policy.size)
      return `Opens when ${formatPercent(policy.threshold)} of the last ${formatExact(policy.size)} calls fail, from ${from} calls on.`
    }
    case 'sampling': {
      // And until as many calls are made that five failures a second would open it.
      const from = formatExact(policy.minimumRps ?? 5 / policy.threshold)
      return `Opens when ${formatPercent(policy.threshold)} of the calls within ${formatDuration(policy.durationMs)} fail, from ${from} calls a second on.`
    }
  }
}

/** ` in 30 s`, after a count of calls. */
export function windowWords(policy: Policy): string {
  return policy.kind === 'sampling' ? ` in ${formatDuration(policy.durationMs)}` : ''
}
