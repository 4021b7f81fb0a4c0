'use client'

import { useState } from 'react'
import { Section } from '@/app/(console)/_parts/sheets/section'
import { TimeChart } from '@/components/charts/time-chart'
import { PartBoundary } from '@/components/status/part-boundary'
import type { TableGrowth as Growing } from '@/lib/console/areas/database/tables/growth'
import type { Part } from '@/lib/console/platform/part/part'
import { Growth } from './growth'

/** The size of one table over the last day. */
export function TableGrowth({ part }: { part: Part<Growing> }) {
  return (
    <Section title="Growth" note="in the last 24 hours">
      <PartBoundary part={part} what="The sizes over time">
        {growing => <Known {...growing} />}
      </PartBoundary>
    </Section>
  )
}

function Known({ bytes, perDay, ...time }: Growing) {
  const [hovered, setHovered] = useState<number>()
  if (!bytes)
    return (
      <p className="px-4 pb-2 text-sm text-muted">
        Not kept for this table: sizes are kept of the fifty largest tables.
      </p>
    )
  if (perDay === undefined)
    return <p className="px-4 pb-2 text-sm text-muted">Not known yet: its size has not been kept for an hour.</p>
  return (
    <>
      <p className="px-4 text-md tabular-nums">
        <Growth bytes={perDay} /> <span className="text-muted">a day</span>
      </p>
      <TimeChart
        title="Size"
        note="with its TOAST and its indexes, every ten minutes"
        lines={[{ id: 'size', label: 'on disk', hue: 1, values: bytes }]}
        unit="bytes"
        empty="It was not read in this time."
        time={time}
        hovered={hovered}
        onHover={setHovered}
        height={120}
      />
    </>
  )
}
