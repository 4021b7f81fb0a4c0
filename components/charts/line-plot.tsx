'use client'

import { CartesianGrid, Line, LineChart, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import {
  type ChartAnnotation,
  type ChartPoint,
  type ChartSeries,
  type ChartThreshold,
  colourOf,
} from '@/components/charts/chart-series'
import { formatShort } from '@/components/status/number-format'
import { formatAbsolute, formatClock } from '@/components/status/time-format'

export interface LinePlotProps {
  series: readonly ChartSeries[]
  points: readonly ChartPoint[]
  thresholds?: readonly ChartThreshold[]
  annotations?: readonly ChartAnnotation[]
  format?: (value: number) => string
  /** Fixes the top of the scale; it begins at zero. */
  max?: number
}

const tick = { fill: 'var(--faint)', fontSize: 11 }
const tones = { neutral: 'var(--line-strong)', warning: 'var(--warning)', bad: 'var(--bad)' }

export function LinePlot({
  series,
  points,
  thresholds = [],
  annotations = [],
  format = formatShort,
  max,
}: LinePlotProps) {
  return (
    <ResponsiveContainer width="100%" height="100%">
      <LineChart data={[...points]} margin={{ top: 14, right: 8, bottom: 0, left: 0 }} accessibilityLayer={false}>
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey="at"
          type="number"
          scale="time"
          domain={['dataMin', 'dataMax']}
          tickFormatter={(at: number) => formatClock(at).slice(0, 5)}
          tick={tick}
          tickLine={false}
          axisLine={{ stroke: 'var(--line)' }}
          minTickGap={48}
        />
        <YAxis
          width={44}
          domain={[0, max ?? 'auto']}
          tickFormatter={format}
          tick={tick}
          tickLine={false}
          axisLine={false}
          tickCount={4}
        />
        <Tooltip
          isAnimationActive={false}
          cursor={{ stroke: 'var(--line-strong)' }}
          labelFormatter={at => (typeof at === 'number' ? formatAbsolute(at) : '')}
          formatter={value => (typeof value === 'number' ? format(value) : 'not measured')}
          contentStyle={{
            background: 'var(--panel)',
            border: '1px solid var(--line)',
            borderRadius: 6,
            fontSize: 12,
            padding: '6px 10px',
          }}
          itemStyle={{ padding: 0 }}
        />
        {thresholds.map(threshold => (
          <ReferenceLine
            key={threshold.label}
            y={threshold.value}
            ifOverflow="extendDomain"
            stroke={tones[threshold.tone ?? 'warning']}
            strokeDasharray="4 3"
            label={{
              value: threshold.label,
              position: 'insideTopRight',
              fill: tones[threshold.tone ?? 'warning'],
              fontSize: 11,
            }}
          />
        ))}
        {annotations.map(annotation => (
          <ReferenceLine
            key={`${annotation.at} ${annotation.label}`}
            x={annotation.at}
            stroke={tones[annotation.tone ?? 'neutral']}
            label={{ value: annotation.label, position: 'top', fill: 'var(--muted)', fontSize: 11 }}
          />
        ))}
        {series.map(line => (
          <Line
            key={line.id}
            dataKey={(point: ChartPoint) => point.values[line.id] ?? null}
            name={line.label}
            stroke={colourOf(line)}
            strokeWidth={1.5}
            dot={false}
            activeDot={{ r: 3 }}
            connectNulls={false}
            isAnimationActive={false}
          />
        ))}
      </LineChart>
    </ResponsiveContainer>
  )
}
