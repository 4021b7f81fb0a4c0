'use client'

import { memo, useMemo, useState } from 'react'
import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import {
  type ChartLine,
  type ChartMark,
  type ChartThreshold,
  type ChartTime,
  markStrokes,
  opacityOf,
  strokeOf,
  timeOf,
} from '@/components/charts/chart-series'
import { formatAxisTime } from '@/components/charts/time-axis'
import { formatShort } from '@/components/status/number-format'

export interface TimePlotProps {
  lines: readonly ChartLine[]
  time: ChartTime
  thresholds?: readonly ChartThreshold[]
  marks?: readonly ChartMark[]
  format?: (value: number) => string
  /** Charts with the same name share their crosshair. */
  sync?: string
  /** The step under the pointer (ms), or undefined when it has gone. */
  onHover?: (at: number | undefined) => void
  /** A stretch was drawn with the pointer (ms). */
  onZoom?: (from: number, to: number) => void
}

interface Point {
  at: number
  [line: string]: number | null
}

const tick = { fill: 'var(--faint)', fontSize: 11 }

/** The drawing itself; it comes with recharts, after the page. */
export const TimePlot = memo(function TimePlot({
  lines,
  time,
  thresholds = [],
  marks = [],
  format = formatShort,
  sync,
  onHover,
  onZoom,
}: TimePlotProps) {
  const [drawn, setDrawn] = useState<{ from: number; to: number }>()
  const points = useMemo(() => pointsOf(lines, time), [lines, time])
  const most = Math.max(0, ...points.flatMap(({ at: _, ...values }) => Object.values(values).map(value => value ?? 0)))

  // A threshold shows when it is near; far above, it would press the line flat.
  const near = thresholds.filter(({ value }) => most >= value * 0.5)
  const top = Math.max(0, ...near.map(({ value }) => value * 1.25))
  const highest = most === 0 ? 1 : top > most ? top : 'auto'

  function finish() {
    if (drawn && Math.abs(drawn.to - drawn.from) >= time.step)
      onZoom?.(Math.min(drawn.from, drawn.to), Math.max(drawn.from, drawn.to) + time.step)
    setDrawn(undefined)
  }

  return (
    <ResponsiveContainer width="100%" height="100%">
      <ComposedChart
        data={points}
        syncId={sync}
        syncMethod="value"
        margin={{ top: 6, right: 1, bottom: 0, left: 0 }}
        accessibilityLayer={false}
        onMouseDown={({ activeLabel }, event) => {
          // Nothing of a drawing is for the focus, or to be selected as text.
          event.preventDefault()
          const at = Number(activeLabel)
          if (onZoom && Number.isFinite(at)) setDrawn({ from: at, to: at })
        }}
        onMouseMove={({ activeLabel }) => {
          const at = Number(activeLabel)
          if (!Number.isFinite(at)) return
          onHover?.(at)
          setDrawn(known => known && { ...known, to: at })
        }}
        onMouseUp={finish}
        onMouseLeave={() => {
          onHover?.(undefined)
          setDrawn(undefined)
        }}
        style={{ cursor: onZoom ? 'crosshair' : undefined, userSelect: 'none' }}
      >
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey="at"
          type="number"
          scale="time"
          domain={[time.from, time.to]}
          allowDataOverflow
          tickFormatter={(at: number) => formatAxisTime(at, time)}
          tick={tick}
          tickLine={false}
          axisLine={{ stroke: 'var(--line)' }}
          minTickGap={44}
        />
        <YAxis
          width={58}
          domain={[0, highest]}
          // A figure and its unit stay on one line.
          tickFormatter={(value: number) => format(value).replaceAll(' ', '\u00a0')}
          tick={tick}
          tickLine={false}
          axisLine={false}
          tickCount={4}
        />
        <Tooltip isAnimationActive={false} cursor={{ stroke: 'var(--line-strong)' }} content={() => null} />
        {near.map(({ value, label }) => (
          <ReferenceLine
            key={label}
            y={value}
            stroke="var(--warning)"
            strokeDasharray="4 3"
            label={{ value: label, position: 'insideBottomRight', fill: 'var(--warning)', fontSize: 11 }}
          />
        ))}
        {marks.map(({ id, at, tone }) => (
          <ReferenceLine key={id} x={at} stroke={markStrokes[tone]} strokeOpacity={0.55} strokeDasharray="2 3" />
        ))}
        {lines.map((line, index) =>
          index === 0 && lines.length === 1 ? (
            <Area
              key={line.id}
              dataKey={line.id}
              stroke={strokeOf(line)}
              strokeWidth={1.5}
              fill={strokeOf(line)}
              fillOpacity={0.1}
              dot={false}
              activeDot={{ r: 2.5 }}
              connectNulls={false}
              isAnimationActive={false}
            />
          ) : (
            <Line
              key={line.id}
              dataKey={line.id}
              stroke={strokeOf(line)}
              strokeOpacity={opacityOf(line)}
              strokeWidth={1.5}
              dot={false}
              activeDot={{ r: 2.5 }}
              connectNulls={false}
              isAnimationActive={false}
            />
          ),
        )}
        {drawn ? (
          <ReferenceArea x1={drawn.from} x2={drawn.to} fill="var(--accent)" fillOpacity={0.14} strokeOpacity={0} />
        ) : null}
      </ComposedChart>
    </ResponsiveContainer>
  )
})

/** A lone value between two gaps would be drawn as nothing: it is held for the length of its step. */
function pointsOf(lines: readonly ChartLine[], time: ChartTime): Point[] {
  const count = Math.max(0, ...lines.map(({ values }) => values?.length ?? 0))
  return Array.from({ length: count }, (_, index) => {
    const point: Point = { at: timeOf(index, count, time) }
    for (const { id, values } of lines) {
      const value = values?.[index] ?? null
      const before = values?.[index - 1] ?? null
      const lone = (values?.[index - 2] ?? null) === null
      point[id] = value === null && before !== null && lone ? before : value
    }
    return point
  })
}
