import type { ChartMark } from '@/components/charts/chart-series'
import type { Mark } from '@/lib/console/series/marks'

/** More lines than these would hide what they stand for: the list beside tells the others. */
const MOST = 40
/** Over a long time breakers open often; then only what people did is drawn. */
const MOST_OPENINGS = 12

/** What is drawn through the charts: deploys, acts, and breakers that opened; that they closed is told in words. */
export function marksOf(marks: readonly Mark[]): ChartMark[] {
  const openings = marks.filter(({ kind, tone }) => kind === 'breaker' && tone === 'bad')
  const deeds = marks.filter(({ kind }) => kind !== 'breaker')
  return [...deeds.slice(0, MOST), ...(openings.length <= MOST_OPENINGS ? openings : [])].map(
    ({ id, at, kind, tone }) => ({ id, at, tone: kind === 'deploy' ? 'neutral' : tone }),
  )
}
