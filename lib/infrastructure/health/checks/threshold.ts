import type { HealthResult } from '../port.ts'

/** Above which value a check is degraded, and above which it is down. */
export interface Threshold {
  degradedAbove: number
  downAbove: number
}

/** Compares a figure with its limits. The message names the limit, not the figure, so that it does not change with every run. */
export function judge(
  value: number,
  limit: Threshold,
  say: (limit: number) => string,
  details: HealthResult['details'],
): HealthResult {
  if (value > limit.downAbove) return { status: 'down', message: say(limit.downAbove), details }
  if (value > limit.degradedAbove) return { status: 'degraded', message: say(limit.degradedAbove), details }
  return { status: 'up', details }
}

/** A share from 0 to 1 as a percentage: `85 %`. */
export const percent = (share: number) => `${Math.round(share * 100)} %`
