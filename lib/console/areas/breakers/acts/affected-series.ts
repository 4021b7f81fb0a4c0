import type { ActScope } from '../../../fleet/act-scope.ts'
import type { AffectedSeries } from '../../../platform/operation/define.ts'
import { BREAKER_SERIES, seriesName } from '../../../series/names.ts'

/** The figures of a breaker that an act on it changes. They are kept by service, so for a single process those of its service are shown. */
export function breakerFigures({ breaker, scope }: { breaker: string; scope: ActScope }): readonly AffectedSeries[] {
  const service = scope.kind === 'service' ? scope.service : '*'
  const of = (series: string) => ({ service, series: seriesName(series, { breaker }) })
  return [
    { label: 'Calls made per second', ...of(BREAKER_SERIES.calls) },
    { label: 'Calls failed per second', bad: true, ...of(BREAKER_SERIES.failures) },
    { label: 'Calls rejected per second', ...of(BREAKER_SERIES.rejected) },
  ]
}
