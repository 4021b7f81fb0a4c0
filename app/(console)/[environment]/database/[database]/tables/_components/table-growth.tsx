'use client'

import { HistoryCharts } from '@/app/(console)/_parts/series/history-charts'
import { Section } from '@/app/(console)/_parts/sheets/section'
import { PartBoundary } from '@/components/status/part-boundary'
import type { TableGrowth as Growing } from '@/lib/console/areas/database/tables/growth'
import type { Part } from '@/lib/console/platform/part/part'
import { Growth } from './growth'

/** The size of one table over the last day. */
export function TableGrowth({ part }: { part: Part<Growing> }) {
  return (
    <Section title="Growth" note="in the last 24 hours">
      <PartBoundary part={part} what="The sizes over time">
        {({ bytes, perDay, ...span }) =>
          bytes ? (
            <>
              <p className="px-4 pb-3 text-sm tabular-nums">
                {perDay === undefined ? (
                  <span className="text-muted">
                    How much it grows is not known: its size has not been kept for an hour yet.
                  </span>
                ) : (
                  <>
                    <Growth bytes={perDay} /> <span className="text-muted">a day</span>
                  </>
                )}
              </p>
              <HistoryCharts
                charts={[
                  {
                    title: 'Size',
                    note: 'with its TOAST and its indexes',
                    lines: [{ id: 'size', label: 'on disk', hue: 1, values: bytes }],
                    unit: 'bytes',
                    empty: 'It was not read in this time.',
                  },
                ]}
                span={span}
                over="of readings ten minutes apart"
              />
            </>
          ) : (
            <p className="px-4 pb-4 text-sm text-muted">
              Not kept for this table: sizes are kept of the fifty largest tables.
            </p>
          )
        }
      </PartBoundary>
    </Section>
  )
}
