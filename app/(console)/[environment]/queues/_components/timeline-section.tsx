'use client'

import { useState } from 'react'
import { useView } from '@/app/(console)/_frame/use-view'
import { Section } from '@/app/(console)/_parts/sheets/section'
import { SheetWaiting } from '@/app/(console)/_parts/sheets/sheet-waiting'
import { PartBoundary } from '@/components/status/part-boundary'
import { RelativeTime } from '@/components/status/relative-time'
import { Button } from '@/components/ui/button'
import type { JobTimeline, JobTimelineData } from '@/lib/console/areas/queues/views/job-timeline'
import { formatExact } from '@/lib/core/number-format'
import { TimelineStepLine } from './timeline-step-line'

interface TimelineSectionProps {
  environment: string
  at: { server: string; queue: string }
  id: string
}

/** The attempts of a job over time; read only when asked for, because thousands of events are read for it. */
export function TimelineSection(props: TimelineSectionProps) {
  const [open, setOpen] = useState(false)
  return (
    <Section
      title="Timeline"
      note="waits, attempts and backoffs"
      action={
        <Button size="sm" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Close' : 'Show timeline'}
        </Button>
      }
    >
      {open ? <Timeline {...props} /> : null}
    </Section>
  )
}

function Timeline({ environment, at, id }: TimelineSectionProps) {
  const { reading, failed } = useView<JobTimelineData>(
    { view: 'job-timeline', environment, filters: { ...at, id } },
    undefined,
  )
  if (!reading) return <SheetWaiting what="The timeline" failed={failed} />
  return (
    <PartBoundary part={reading.data.timeline} what={`Redis ${at.server}`}>
      {timeline => (timeline ? <Steps timeline={timeline} /> : null)}
    </PartBoundary>
  )
}

function Steps({ timeline: { steps, unseen, events, since } }: { timeline: JobTimeline }) {
  return (
    <>
      {unseen > 0 ? (
        <p className="px-4 py-1 text-sm text-muted">The first {formatExact(unseen)} attempts are not listed.</p>
      ) : null}
      <ol className="px-4 py-1">
        {steps.map((step, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: steps carry no id and are only added at the end.
          <TimelineStepLine key={index} step={step} />
        ))}
      </ol>
      <p className="px-4 py-1 text-sm text-muted tabular-nums">
        {since === undefined ? (
          'The queue keeps no events: only what the job itself keeps is known.'
        ) : (
          <>
            By {formatExact(events)} kept events of the queue, since <RelativeTime at={since} as="clock" />; what came
            before is known as far as the job itself keeps it.
          </>
        )}
      </p>
    </>
  )
}
