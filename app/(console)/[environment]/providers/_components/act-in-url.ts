import type { Dropped } from '@/lib/console/platform/view/filters'

/** What has to be chosen for an act that the palette sends here. */
export const WHAT = {
  'provider.force': 'a set of providers to force one of them',
  'provider.release': 'a set of providers to release it',
  'provider.test': 'a set of providers to send a test with one of them',
} as const
export type ProviderAct = keyof typeof WHAT

export function providerActOf(text: string | undefined): { act?: ProviderAct; dropped: Dropped[] } {
  if (text === undefined) return { dropped: [] }
  if (text in WHAT) return { act: text as ProviderAct, dropped: [] }
  return { dropped: [{ filter: 'act', problem: `must be one of: ${Object.keys(WHAT).join(', ')}` }] }
}
