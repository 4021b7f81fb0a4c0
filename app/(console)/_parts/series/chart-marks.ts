import type { ChartMark } from '@/components/charts/chart-series'
import type { Mark } from '@/lib/console/series/marks'

/** More lines than these would hide what they stand for: the list beside tells the others. */
const MOST = 40

/** What is drawn through the charts: deploys, acts, and breakers that opened; that they closed is told in words. */
export function marksOf(marks: readonly Mark[]): ChartMark[] {
  return marks
    .filter(({ kind, tone }) => kind !== 'breaker' || tone === 'bad')
    .slice(0, MOST)
    .map(({ id, at, kind, tone }) => ({ id, at, tone: kind === 'deploy' ? 'neutral' : tone }))
}
