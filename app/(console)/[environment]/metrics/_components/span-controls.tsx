'use client'

import { ChevronLeft, ChevronRight, X, ZoomIn, ZoomOut } from 'lucide-react'
import { goShallow } from '@/app/(console)/_parts/filters/shallow'
import type { UrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { Button } from '@/components/ui/button'
import { SegmentedControl } from '@/components/ui/segmented-control'
import type { Range, Span } from '@/lib/console/series/span'
import { formatAbsolute, formatClock } from '@/lib/core/time-format'

const RANGES: readonly { value: Range; label: string }[] = [
  { value: '15m', label: '15 min' },
  { value: '1h', label: '1 h' },
  { value: '6h', label: '6 h' },
  { value: '24h', label: '24 h' },
  { value: '7d', label: '7 d' },
  { value: '30d', label: '30 d' },
]
const LEAST = 60_000
const MOST = 30 * 86_400_000

/** This stretch in the address; going back undoes it. */
export function goTo(url: UrlFilters, from: number, to: number) {
  const length = Math.min(MOST, Math.max(LEAST, to - from))
  const iso = (at: number) => new Date(Math.round(at / 1000) * 1000).toISOString().replace('.000Z', 'Z')
  goShallow(url.href({ from: iso(to - length), to: iso(to), range: undefined }), 'push')
}

/** Which stretch of time: a range that moves with time, or a fixed one; both are in the address. */
export function SpanControls({ url, span }: { url: UrlFilters; span: Span }) {
  const { from, to, range } = span
  const length = to - from
  const moved = (by: number) => goTo(url, from + by, to + by)
  const centre = (from + to) / 2
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-2">
      <SegmentedControl<Range | ''>
        label="Time"
        value={range ?? ''}
        segments={RANGES}
        onChange={value =>
          goShallow(url.href({ range: value === '1h' ? undefined : value, from: undefined, to: undefined }), 'push')
        }
        className="max-w-full overflow-x-auto [scrollbar-width:none]"
      />
      <fieldset className="flex items-center gap-1">
        <legend className="sr-only">Move and zoom</legend>
        <Step label="Earlier" onClick={() => moved(-length / 2)}>
          <ChevronLeft aria-hidden />
        </Step>
        <Step label="Later" onClick={() => moved(length / 2)} disabled={range !== undefined}>
          <ChevronRight aria-hidden />
        </Step>
        <Step
          label="Zoom in"
          onClick={() => (range ? goTo(url, to - length / 2, to) : goTo(url, centre - length / 4, centre + length / 4))}
          disabled={length <= LEAST}
        >
          <ZoomIn aria-hidden />
        </Step>
        <Step label="Zoom out" onClick={() => goTo(url, centre - length, centre + length)} disabled={length >= MOST}>
          <ZoomOut aria-hidden />
        </Step>
      </fieldset>
      {range === undefined ? (
        <Button
          size="md"
          variant="outline"
          title={`${formatAbsolute(from)} to ${formatAbsolute(to)}`}
          aria-label={`${formatAbsolute(from)} to ${formatAbsolute(to)}: back to now`}
          onClick={() => goShallow(url.href({ from: undefined, to: undefined }), 'push')}
          className="border-accent! bg-accent-soft! tabular-nums"
          suppressHydrationWarning
        >
          {shortly(from, to)}
          <X aria-hidden />
        </Button>
      ) : null}
    </div>
  )
}

const day = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric' })

function shortly(from: number, to: number): string {
  const [first, last] = [day.format(from), day.format(to)]
  const clock = (at: number) => (to - from < 600_000 ? formatClock(at) : formatClock(at).slice(0, 5))
  return first === last ? `${first}, ${clock(from)} – ${clock(to)}` : `${first} ${clock(from)} – ${last} ${clock(to)}`
}

function Step({
  label,
  children,
  ...props
}: {
  label: string
  children: React.ReactNode
  onClick: () => void
  disabled?: boolean
}) {
  return (
    <Button size="icon" variant="quiet" aria-label={label} title={label} {...props}>
      {children}
    </Button>
  )
}
