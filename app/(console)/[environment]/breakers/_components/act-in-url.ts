import type { Dropped } from '@/lib/console/platform/view/filters'

export const VERBS = {
  'breaker.force': 'force',
  'breaker.release': 'release',
  'breaker.reset': 'reset',
  'breaker.change-policy': 'change the policy of',
  'breaker.restore-policy': 'restore the policy of',
} as const
export type Act = keyof typeof VERBS

/** The act an address asks for: the palette sends people here with one. */
export function actOf(text: string | undefined): { act?: Act; dropped: Dropped[] } {
  if (text === undefined) return { dropped: [] }
  if (text in VERBS) return { act: text as Act, dropped: [] }
  return { dropped: [{ filter: 'act', problem: `must be one of: ${Object.keys(VERBS).join(', ')}` }] }
}
