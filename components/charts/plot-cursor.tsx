'use client'

import { type KeyboardEvent, type PointerEvent, useState } from 'react'
import { type ChartLine, type ChartTime, indexAt, shareOf, stepsOf, timeOf } from '@/components/charts/chart-series'
import { isBadNow, lineStyle } from '@/components/charts/palette'
import { readingsOf } from '@/components/charts/readings'
import type { ValueScale } from '@/components/charts/value-scale'
import { cn } from '@/components/ui/cn'
import { formatClock } from '@/lib/core/time-format'

export interface PlotCursorProps {
  /** Of the chart, for those who cannot see it. */
  title: string
  lines: readonly ChartLine[]
  time: ChartTime
  scale: ValueScale
  format: (value: number) => string
  /** The beginning of the step that is pointed at, in this chart or in another (ms). */
  hovered?: number
  /** Undefined when it has gone. */
  onHover?: (at: number | undefined) => void
  /** A stretch was drawn with the pointer (ms). */
  onZoom?: (from: number, to: number) => void
}

/** Moves over the steps of a chart by pointer, finger or arrow keys. What the values are is said in the heading of each chart. */
export function PlotCursor({ title, lines, time, scale, format, hovered, onHover, onZoom }: PlotCursorProps) {
  const [drawn, setDrawn] = useState<{ from: number; to: number }>()
  const count = stepsOf(lines)
  const first = Math.max(0, Math.ceil((time.from - timeOf(0, count, time)) / time.step))
  const index = hovered === undefined ? undefined : indexAt(hovered, count, time)
  const toStep = (at: number) =>
    Math.min(count - 1, Math.max(first, Math.floor((at - timeOf(0, count, time)) / time.step)))
  const go = (next: number) => onHover?.(timeOf(Math.min(count - 1, Math.max(first, next)), count, time))

  function timeUnder({ clientX, currentTarget }: PointerEvent) {
    const { left, width } = currentTarget.getBoundingClientRect()
    const share = Math.min(1, Math.max(0, (clientX - left) / Math.max(1, width)))
    return time.from + share * (time.to - time.from)
  }

  function press(event: PointerEvent) {
    const at = timeUnder(event)
    go(toStep(at))
    if (!onZoom || event.pointerType === 'touch' || event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    setDrawn({ from: at, to: at })
  }

  function move(event: PointerEvent) {
    const at = timeUnder(event)
    go(toStep(at))
    setDrawn(known => known && { ...known, to: at })
  }

  function release() {
    if (drawn && Math.abs(drawn.to - drawn.from) >= time.step) {
      onZoom?.(Math.min(drawn.from, drawn.to), Math.max(drawn.from, drawn.to))
      onHover?.(undefined)
    }
    setDrawn(undefined)
  }

  function leave({ pointerType }: PointerEvent) {
    // A finger that was lifted leaves the values on screen, until something else is touched.
    if (pointerType !== 'touch' && !drawn) onHover?.(undefined)
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'Escape' && hovered !== undefined) {
      event.stopPropagation()
      return onHover?.(undefined)
    }
    const next = afterKey(event.key, event.shiftKey, index ?? count - 1, { first, last: count - 1 })
    if (next === undefined) return
    event.preventDefault()
    go(next)
  }

  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={`Time in ${title}`}
      aria-valuemin={first}
      aria-valuemax={Math.max(first, count - 1)}
      aria-valuenow={Math.max(first, index ?? count - 1)}
      aria-valuetext={wordsAt(index ?? count - 1, { lines, time, format })}
      onKeyDown={onKeyDown}
      onFocus={event => event.target.matches(':focus-visible') && hovered === undefined && go(count - 1)}
      onBlur={() => onHover?.(undefined)}
      onPointerDown={press}
      onPointerMove={move}
      onPointerUp={release}
      onPointerCancel={() => setDrawn(undefined)}
      onPointerLeave={leave}
      className={cn('absolute inset-0 touch-pan-y select-none', onZoom && 'cursor-crosshair')}
    >
      {drawn ? <Stretch {...drawn} time={time} /> : null}
      {index === undefined ? null : <Crosshair index={index} lines={lines} time={time} scale={scale} />}
    </div>
  )
}

function afterKey(key: string, large: boolean, index: number, { first, last }: { first: number; last: number }) {
  const far = large ? 10 : 1
  if (key === 'ArrowLeft' || key === 'ArrowDown') return index - far
  if (key === 'ArrowRight' || key === 'ArrowUp') return index + far
  if (key === 'PageDown') return index - 10
  if (key === 'PageUp') return index + 10
  if (key === 'Home') return first
  return key === 'End' ? last : undefined
}

function wordsAt(index: number, { lines, time, format }: Pick<PlotCursorProps, 'lines' | 'time' | 'format'>) {
  const at = timeOf(index, stepsOf(lines), time)
  const values = readingsOf(lines, index, format).map(({ label, words }) => `${label} ${words}`)
  return `${formatClock(at)}: ${values.join(', ')}`
}

function Stretch({ from, to, time }: { from: number; to: number; time: ChartTime }) {
  const [begin, end] = [Math.min(from, to), Math.max(from, to)].map(at => shareOf(at, time) * 100) as [number, number]
  return (
    <span
      aria-hidden
      className="absolute inset-y-0 bg-accent/15"
      style={{ left: `${begin}%`, width: `${end - begin}%` }}
    />
  )
}

function Crosshair({
  index,
  lines,
  time,
  scale,
}: Pick<PlotCursorProps, 'lines' | 'time' | 'scale'> & { index: number }) {
  const at = timeOf(index, stepsOf(lines), time)
  const share = shareOf(at + time.step / 2, time)
  if (share < 0 || share > 1) return null
  return (
    <span aria-hidden className="pointer-events-none absolute inset-y-0" style={{ left: `${share * 100}%` }}>
      <span className="absolute inset-y-0 w-px -translate-x-1/2 bg-line-strong" />
      {lines.map(line => {
        const value = line.values?.[index] ?? null
        return value === null ? null : (
          <span
            key={line.id}
            className="absolute size-1.5 -translate-x-1/2 translate-y-1/2 rounded-full ring-2 ring-panel"
            style={{
              bottom: `${scale.at(value) * 100}%`,
              background: isBadNow({ ...line, values: [value] }) ? 'var(--bad)' : lineStyle(line).stroke,
            }}
          />
        )
      })}
      <span
        className={cn(
          'absolute top-full mt-0.5 rounded-sm bg-ink px-1 text-xs leading-4 whitespace-nowrap text-bg tabular-nums',
          share > 0.88 ? '-translate-x-full' : share > 0.12 ? '-translate-x-1/2' : '',
        )}
      >
        {formatClock(at)}
      </span>
    </span>
  )
}
