'use client'

import { useState } from 'react'
import { TimelineList } from '@/app/(console)/_parts/timeline/timeline-list'
import { PartBoundary } from '@/components/status/part-boundary'
import { Button } from '@/components/ui/button'
import type { Transition } from '@/lib/console/areas/breakers/views/breaker'
import type { Part } from '@/lib/console/platform/part/part'
import type { TimelineEntry } from '@/lib/console/platform/timeline/entry'

const FIRST = 10

/** How the breaker got where it is, the newest first. */
export function Transitions({ environment, part }: { environment: string; part: Part<Transition[]> }) {
  const [all, setAll] = useState(false)
  return (
    <section aria-label="Event log" className="pb-3">
      <h3 className="px-4 pt-3 pb-1 text-md font-semibold">Event log</h3>
      <PartBoundary part={part} what="The record of transitions">
        {transitions =>
          transitions.length === 0 ? (
            <p className="px-4 text-md text-muted">It has not changed its state as far as the record goes.</p>
          ) : (
            <>
              <TimelineList
                environment={environment}
                entries={transitions.slice(0, all ? undefined : FIRST).map(toEntry)}
                linked={false}
              />
              {all || transitions.length <= FIRST ? null : (
                <Button variant="ghost" size="sm" className="mt-1 ml-2" onClick={() => setAll(true)}>
                  Show {transitions.length - FIRST} more
                </Button>
              )}
            </>
          )
        }
      </PartBoundary>
    </section>
  )
}

function toEntry({ id, at, instance, to, cause, message }: Transition): TimelineEntry {
  const what = WHAT[cause]?.(to) ?? to
  return {
    id,
    at,
    tone: to === 'open' ? 'bad' : to === 'half-open' ? 'warning' : 'good',
    text: `${instance} ${what}${message ? `: ${message}` : ''}`,
  }
}

/** What an instance did, by what made it. */
const WHAT: Record<string, (to: string) => string> = {
  threshold: () => 'opened',
  probe: () => 'let a probe through',
  'probe-succeeded': () => 'closed, the probe succeeded',
  'probe-failed': () => 'opened again, the probe failed',
  forced: to => `was forced ${to}`,
  released: to => `was released and is ${to}`,
  expired: to => `came out of its override and is ${to}`,
  reset: to => `was reset and is ${to}`,
  restored: to => `started ${to}, as it was before its restart`,
}
