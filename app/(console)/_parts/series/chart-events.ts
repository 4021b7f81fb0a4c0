import type { ChartEvent } from '@/components/charts/chart-series'
import type { Mark } from '@/lib/console/series/marks'

const LABELS: Record<Mark['kind'], string> = { deploy: 'deploy', breaker: 'breaker', act: 'operation' }

/** What the lane above charts shows: deploys, operations, and breakers that opened. That one closed again is said in the list. */
export function chartEvents(marks: readonly Mark[]): ChartEvent[] {
  return marks
    .filter(({ kind, tone }) => kind !== 'breaker' || tone === 'bad')
    .map(({ id, at, kind, tone, text }) => ({
      id,
      at,
      text,
      label: LABELS[kind],
      tone: kind === 'deploy' ? 'neutral' : kind === 'act' ? 'accent' : tone,
    }))
}
