import type { Dropped } from '@/lib/console/platform/view/filters'

/** What has to be chosen for an act that the palette sends here. */
export const WHAT = {
  'policy.change-limits': 'a policy to change its limits',
  'policy.restore-limits': 'a policy to restore its limits',
} as const
export type LimitAct = keyof typeof WHAT

export function limitActOf(text: string | undefined): { act?: LimitAct; dropped: Dropped[] } {
  if (text === undefined) return { dropped: [] }
  if (text in WHAT) return { act: text as LimitAct, dropped: [] }
  return { dropped: [{ filter: 'act', problem: `must be one of: ${Object.keys(WHAT).join(', ')}` }] }
}
