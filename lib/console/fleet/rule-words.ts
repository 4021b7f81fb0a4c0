import type { CommandArguments } from '../../infrastructure/fleet/index.ts'
import { counted } from '../platform/counted.ts'
import type { BreakerItem } from './details.ts'

type Policy = BreakerItem['policy']

/** When a breaker opens, as a clause: `opens when 50 % of the calls within 30 s fail, from 10 calls on`. */
export function ruleWords(policy: Policy): string {
  switch (policy.kind) {
    case 'consecutive':
      return `opens after ${counted(policy.failures, 'failure')} in a row`
    case 'count':
      return `opens when ${share(policy.threshold)} of the last ${counted(policy.size, 'call')} fail${fromWords(policy.minimumCalls ?? policy.size)}`
    case 'sampling': {
      const from = fromWords(((policy.minimumRps ?? 0) * policy.durationMs) / 1_000)
      return `opens when ${share(policy.threshold)} of the calls within ${duration(policy.durationMs)} fail${from}`
    }
  }
}

/** What a change of a breaker's rules puts in force, as a clause. */
export function changeWords({
  policy,
  halfOpenAfterMs,
  timeoutMs,
}: Pick<CommandArguments['breaker.change-policy'], 'policy' | 'halfOpenAfterMs' | 'timeoutMs'>): string {
  const parts = [
    policy && ruleWords(policy),
    halfOpenAfterMs === undefined ? undefined : `is half-open after ${duration(halfOpenAfterMs)}`,
    timeoutMs === undefined ? undefined : `ends a call after ${duration(timeoutMs)}`,
  ].filter(part => part !== undefined)
  return parts.length === 0 ? 'keeps its rules' : parts.join(', ')
}

/** Limits of a policy that an operator sets, as a clause: `runs at most 5 calls at a time, makes at most 100 calls in its period`. */
export function limitWords({
  bulkhead,
  rateLimit,
  retryBudget,
}: CommandArguments['policy.change-limits']['limits']): string {
  const parts = [
    bulkhead?.maxConcurrent === undefined ? undefined : `at most ${counted(bulkhead.maxConcurrent, 'call')} at a time`,
    bulkhead?.maxQueued === undefined ? undefined : `at most ${bulkhead.maxQueued} waiting`,
    rateLimit?.calls === undefined ? undefined : `at most ${counted(rateLimit.calls, 'call')} in its period`,
    rateLimit?.burst === undefined ? undefined : `bursts of ${rateLimit.burst}`,
    retryBudget === undefined
      ? undefined
      : retryBudget.ratio === 0
        ? 'no retries beyond the minimum'
        : `retries up to ${share(retryBudget.ratio)} of calls`,
  ].filter(part => part !== undefined)
  return parts.length === 0 ? 'the declared limits' : parts.join(', ')
}

/** Nothing where the first call could open it, as opossum does by default. */
function fromWords(calls: number): string {
  const whole = Math.ceil(calls - 1e-6)
  return whole > 1 ? `, from ${whole.toLocaleString('en')} calls on` : ''
}

const share = (ratio: number) => `${(ratio * 100).toLocaleString('en', { maximumFractionDigits: 1 })} %`

const UNITS = [
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
] as const

function duration(ms: number): string {
  const unit = UNITS.find(([size]) => ms >= size)
  return unit
    ? `${(ms / unit[0]).toLocaleString('en', { maximumFractionDigits: 1 })} ${unit[1]}`
    : `${ms.toLocaleString('en')} ms`
}
