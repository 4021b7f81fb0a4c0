'use client'

import { useView } from '@/app/(console)/_frame/use-view'
import { type Joining, joiningLines } from '@/app/(console)/_parts/teaching/joining'
import { PageHeader } from '@/components/shell/page-header'
import { Panel } from '@/components/status/panel'
import { PartBoundary, PartDown } from '@/components/status/part-boundary'
import { RelativeTime } from '@/components/status/relative-time'
import { StatusBadge } from '@/components/status/status-mark'
import { AppLink } from '@/components/ui/app-link'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import type { Verdict } from '@/lib/console/areas/overview/verdict'
import type { OverviewData } from '@/lib/console/areas/overview/views/overview'
import type { Reading } from '@/lib/console/platform/view/read'
import { AttentionList } from './attention-list'
import { BreakerRows } from './breaker-rows'
import { FleetTiles } from './fleet-tiles'
import { Happenings } from './happenings'
import { InlineName } from './inline-name'
import { TargetRows } from './target-rows'

interface OverviewBodyProps {
  initial: Reading<OverviewData>
  joining: Joining
}

export function OverviewBody({ initial, joining }: OverviewBodyProps) {
  const { environment } = joining
  const { reading = initial } = useView<OverviewData>({ view: 'overview', environment, filters: {} }, initial)
  const { verdict, attention, attentionCount, muted, fleet, events, targets } = reading.data
  return (
    <>
      <PageHeader
        mark={<StatusBadge status={verdict.status}>{verdict.word}</StatusBadge>}
        title={<Sentence verdict={verdict} />}
        note={<VerdictNote verdict={verdict} />}
      />
      <div className="grid grid-cols-1 items-start gap-4 desk:grid-cols-[minmax(0,1fr)_340px]">
        <div className="grid grid-cols-1 gap-4">
          {attention.length + muted.length > 0 ? (
            <AttentionList environment={environment} items={attention} count={attentionCount} muted={muted} />
          ) : null}
          {targets.length > 0 ? <TargetRows environment={environment} targets={targets} /> : null}
          <FleetPart fleet={fleet} joining={joining} />
        </div>
        <Happenings environment={environment} events={events} />
      </div>
    </>
  )
}

function Sentence({ verdict: { subject, sentence } }: { verdict: Verdict }) {
  if (!subject) return sentence
  return (
    <>
      <InlineName text={subject} />
      {sentence.slice(subject.length)}
    </>
  )
}

function VerdictNote({ verdict }: { verdict: Verdict }) {
  if (verdict.since === undefined) return verdict.detail
  return (
    <>
      Since <RelativeTime at={verdict.since} as="clock" />, <RelativeTime at={verdict.since} as="age" />.{' '}
      {verdict.detail}
    </>
  )
}

function FleetPart({ fleet, joining }: { fleet: OverviewData['fleet']; joining: Joining }) {
  const { environment } = joining
  if (fleet.status === 'down') {
    return (
      <Panel title="Fleet">
        <PartDown
          what={`The fleet of ${environment}`}
          part={fleet}
          action={
            <Button asChild>
              <AppLink href={`/${environment}/health`}>See health</AppLink>
            </Button>
          }
        />
      </Panel>
    )
  }
  const { states, breakers, breakerCount } = fleet.data
  if (Object.values(states).every(count => count === 0)) {
    return (
      <Panel title="Fleet" note="no process has registered">
        <EmptyState title="Add the library to a service" code={joiningLines(joining)}>
          It shows up here within two seconds of its start, with its figures, and is reported as lost when its heartbeat
          stops without notice.
        </EmptyState>
      </Panel>
    )
  }
  return (
    <PartBoundary
      part={fleet}
      what="The fleet"
      className="grid grid-cols-1 gap-4 [&>[role=status]]:rounded-lg [&>[role=status]]:border [&>[role=status]]:py-2"
    >
      {data => (
        <div className="grid grid-cols-1 gap-4">
          <FleetTiles environment={environment} fleet={data} />
          <BreakerRows joining={joining} breakers={breakers} count={breakerCount} />
        </div>
      )}
    </PartBoundary>
  )
}
