'use client'

import type { PointerEvent } from 'react'
import { type ChartEvent, type ChartTime, shareOf } from '@/components/charts/chart-series'
import { clustersOf } from '@/components/charts/clusters'
import { StatusMark } from '@/components/status/status-mark'

/** Marks are as wide as this share of the lane on a phone. */
const NEAR = 0.035

interface EventLaneProps {
  events: readonly ChartEvent[]
  time: ChartTime
  hovered?: number
  /** The moment that is pointed at (ms). */
  onHover?: (at: number | undefined) => void
}

/** What happened, once for all charts below it. The list of events says the same in words, for those who cannot see it. */
export function EventLane({ events, time, hovered, onHover }: EventLaneProps) {
  const share = ({ at }: ChartEvent) => shareOf(at, time)
  const cursor = hovered === undefined ? undefined : shareOf(hovered + time.step / 2, time)

  function point({ clientX, currentTarget }: PointerEvent) {
    const { left, width } = currentTarget.getBoundingClientRect()
    const at = time.from + ((clientX - left) / Math.max(1, width)) * (time.to - time.from)
    onHover?.(Math.min(time.until - time.step, time.until - Math.ceil((time.until - at) / time.step) * time.step))
  }

  return (
    <div aria-hidden className="flex items-center gap-2 border-b border-line bg-panel px-3.5">
      <span className="w-12 shrink-0 text-sm text-muted">Events</span>
      <div
        data-lane
        className="relative h-7 min-w-0 flex-1 touch-pan-y touch:h-9"
        onPointerDown={point}
        onPointerMove={point}
        onPointerLeave={({ pointerType }) => pointerType !== 'touch' && onHover?.(undefined)}
      >
        <span className="absolute inset-x-0 top-1/2 h-px bg-line" />
        {clustersOf(events, share, NEAR).map(({ share: at, members }) => (
          <EventMark key={members[0]?.id} at={at} members={members} />
        ))}
        {cursor !== undefined && cursor >= 0 && cursor <= 1 ? (
          <span className="absolute inset-y-0 w-px bg-line-strong" style={{ left: `${cursor * 100}%` }} />
        ) : null}
      </div>
    </div>
  )
}

function EventMark({ at, members }: { at: number; members: ChartEvent[] }) {
  const worst =
    members.find(({ tone }) => tone === 'bad') ?? members.find(({ tone }) => tone === 'accent') ?? members[0]
  if (!worst) return null
  return (
    <span
      data-mark
      className="pointer-events-none absolute top-1/2 flex -translate-x-1/2 -translate-y-1/2 items-center gap-0.5 rounded-sm bg-panel px-0.5"
      style={{ left: `${at * 100}%` }}
    >
      <Shape tone={worst.tone} />
      {members.length > 1 ? <span className="text-xs leading-3 text-muted tabular-nums">{members.length}</span> : null}
    </span>
  )
}

function Shape({ tone }: { tone: ChartEvent['tone'] }) {
  if (tone === 'accent') return <span className="size-2 rounded-full bg-accent" />
  if (tone === 'neutral') return <span className="size-2 rotate-45 bg-muted" />
  return <StatusMark status={tone} className="size-2.5" />
}

/** Events in the step that is pointed at, or so near to it that the lane draws them there. */
export function eventsNear(events: readonly ChartEvent[], hovered: number | undefined, time: ChartTime): ChartEvent[] {
  if (hovered === undefined) return []
  const reach = Math.max(time.step / 2, (time.to - time.from) * 0.006)
  const middle = hovered + time.step / 2
  return events.filter(({ at }) => Math.abs(at - middle) <= reach)
}
