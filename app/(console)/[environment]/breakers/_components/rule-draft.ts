import type { BreakerInstance } from '@/lib/console/areas/breakers/collect'
import type { RuleDraft } from './rule-fields'

type Policy = BreakerInstance['policy']

const DEFAULTS: RuleDraft = { kind: 'sampling', threshold: 50, within: 60, size: 100, failures: 5, calls: 10 }

/** A form that begins with the rule that is in force. */
export function toDraft(policy: Policy): RuleDraft {
  switch (policy.kind) {
    case 'consecutive':
      return { ...DEFAULTS, kind: 'consecutive', failures: policy.failures }
    case 'count':
      return {
        ...DEFAULTS,
        kind: 'count',
        threshold: percent(policy.threshold),
        size: policy.size,
        calls: policy.minimumCalls ?? policy.size,
      }
    case 'sampling': {
      const seconds = policy.durationMs / 1_000
      return {
        ...DEFAULTS,
        kind: 'sampling',
        threshold: percent(policy.threshold),
        within: seconds,
        calls: Math.max(1, Math.ceil((policy.minimumRps ?? 0) * seconds - 1e-6)),
      }
    }
  }
}

/** The rule as an operation takes it. */
export function toPolicy({ kind, threshold, within, size, failures, calls }: RuleDraft): Policy {
  const share = threshold / 100
  if (kind === 'consecutive') return { kind, failures }
  if (kind === 'count') return { kind, threshold: share, size, minimumCalls: Math.min(calls, size) }
  return { kind, threshold: share, durationMs: within * 1_000, minimumRps: calls / within }
}

/** Whether it can be asked about: the figures of a what-if are whole numbers, apart from the share. */
export function isWhole({ threshold, within, size, failures, calls }: RuleDraft): boolean {
  const counts = [within, size, failures, calls].every(
    count => Number.isInteger(count) && count >= 1 && count <= 100_000,
  )
  return counts && within <= 3_600 && threshold > 0 && threshold < 100
}

const percent = (share: number) => Math.round(share * 1_000) / 10
