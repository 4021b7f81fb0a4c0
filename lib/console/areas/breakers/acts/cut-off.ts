import { itemsOf } from '../../../fleet/details.ts'
import { counted } from '../../../platform/counted.ts'
import { PolicyItem } from '../policy-item.ts'
import type { BreakerHolder } from './target.ts'

/** What forcing a breaker open would cut: the calls of the last minute by caller, and what callers get instead. */
export function cutOff(holders: readonly BreakerHolder[]): string[] {
  const measured = holders.filter(({ breaker }) => breaker.stats)
  const byService = [...Map.groupBy(measured, ({ process }) => process.service)].map(([service, members]) => ({
    service,
    calls: members.reduce((sum, { breaker }) => sum + (breaker.stats?.calls ?? 0), 0),
  }))
  const busy = byService.filter(({ calls }) => calls > 0).sort((a, b) => b.calls - a.calls)
  const sentences = ['Every call to this dependency will be rejected without being made.']
  if (busy.length > 0)
    sentences.push(
      `In the last minute there were ${busy.map(({ service, calls }) => `${counted(calls, 'call')} of ${service}`).join(', ')}.`,
    )
  else if (measured.length > 0) sentences.push('In the last minute there was no call.')
  const withFallback = holders.filter(({ process, breaker }) =>
    itemsOf(process, 'policies', PolicyItem)?.items.some(
      ({ name, fallback }) => name === breaker.name && fallback !== undefined,
    ),
  )
  if (withFallback.length === holders.length) sentences.push('Callers get their fallback.')
  else if (withFallback.length > 0)
    sentences.push(`Callers have a fallback in ${withFallback.length} of ${holders.length} processes.`)
  else sentences.push('No fallback is declared: callers get the error.')
  return sentences
}
