import { breakerSeries } from '@/app/(console)/_parts/breakers/breaker-sparkline'
import type { Places } from '@/app/(console)/_parts/holding/places'
import { type Trend, Trends } from '@/app/(console)/_parts/series/trends'
import type { BreakerInstance } from '@/lib/console/areas/breakers/collect'
import type { BreakerGroup } from '@/lib/console/areas/breakers/group'
import type { Computed } from '@/lib/console/areas/breakers/views/breaker'
import { BreakerFacts } from './breaker-facts'
import { ProcessList } from './process-list'

interface BreakerNowProps {
  name: string
  environment: string
  group: BreakerGroup
  computed: Computed
  instances: readonly BreakerInstance[]
  total: number
  /** The process whose line is unfolded. */
  opened: string | undefined
  places: Places
}

/** What it does now, and in each process. */
export function BreakerNow({ name, environment, group, computed, ...list }: BreakerNowProps) {
  return (
    <>
      <Trends environment={environment} trends={trendsOf(name)} />
      <BreakerFacts group={group} computed={computed} />
      <ProcessList breaker={name} {...list} />
    </>
  )
}

const trendsOf = (name: string): Trend[] => [
  { of: breakerSeries('breaker_calls', name), label: 'Calls', unit: '/s' },
  { of: breakerSeries('breaker_failures', name), label: 'Failed', unit: '/s', tone: 'bad' },
  { of: breakerSeries('breaker_rejected', name), label: 'Rejected', unit: '/s', tone: 'warning' },
]
