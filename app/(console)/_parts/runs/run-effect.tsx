'use client'

import { PartBoundary } from '@/components/status/part-boundary'
import { Sparkline } from '@/components/status/sparkline'
import type { RunData } from '@/lib/console/areas/running/views/run'
import { formatShort } from '@/lib/core/number-format'

/** The figures that an act touched, from five minutes before to five minutes after; the line is the act. */
export function RunEffect({ effect }: { effect: NonNullable<RunData['effect']> }) {
  return (
    <PartBoundary part={effect} what="The record of figures">
      {({ figures }) =>
        figures.length === 0 ? (
          <p className="text-md text-muted">Nothing of what it touches has been measured.</p>
        ) : (
          <ul className="grid gap-2">
            {figures.map(({ label, bad, values, mark, before, after }) => (
              <li
                key={label}
                className="grid grid-cols-[minmax(0,1fr)_minmax(0,170px)] items-center gap-x-3 gap-y-1 text-md max-wide:grid-cols-1"
              >
                <span className="min-w-0">
                  {label}
                  <span className="block text-sm text-muted tabular-nums">
                    {worded(before)} before, {after === null ? 'after it not measured yet' : `${worded(after)} after`}
                  </span>
                </span>
                <Sparkline
                  values={values}
                  mark={mark}
                  label={`${label} around the act: ${worded(before)} before, ${worded(after)} after`}
                  tone={bad ? 'bad' : 'accent'}
                  className="h-8 w-full"
                />
              </li>
            ))}
          </ul>
        )
      }
    </PartBoundary>
  )
}

const worded = (value: number | null) => (value === null ? 'not measured' : formatShort(value))
