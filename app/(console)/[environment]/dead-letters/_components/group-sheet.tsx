'use client'

import { useView } from '@/app/(console)/_frame/use-view'
import { ContentBox } from '@/app/(console)/_parts/content/content-box'
import { ReplayAct } from '@/app/(console)/_parts/dead-letters/replay-act'
import type { Which } from '@/app/(console)/_parts/dead-letters/which'
import { queueTitle } from '@/app/(console)/_parts/queues/queue-title'
import { Section } from '@/app/(console)/_parts/sheets/section'
import { SheetWaiting } from '@/app/(console)/_parts/sheets/sheet-waiting'
import { type Fact, KeyValue } from '@/components/status/key-value'
import { PartBoundary } from '@/components/status/part-boundary'
import { RelativeTime } from '@/components/status/relative-time'
import { Sparkline } from '@/components/status/sparkline'
import { AppLink } from '@/components/ui/app-link'
import { EmptyState } from '@/components/ui/empty-state'
import { SheetBody, SheetFooter, SheetHeader } from '@/components/ui/sheet'
import type { DeadLetterGroupData } from '@/lib/console/areas/dead-letters/views/dead-letter-group'
import type { GroupRow } from '@/lib/console/areas/dead-letters/views/dead-letters'
import { DiscardAct } from './discard-act'
import { ExportLink } from './export-link'
import { GroupJobs } from './group-jobs'
import { errorTitle, GroupCount, trendWords } from './group-rows'

interface GroupSheetProps {
  environment: string
  fingerprint: string
}

/** The dead letters of one kind: the error with a sample, where they are, and each of the newest. */
export function GroupSheet({ environment, fingerprint }: GroupSheetProps) {
  const { reading, failed } = useView<DeadLetterGroupData>(
    { view: 'dead-letter-group', environment, filters: { fingerprint } },
    undefined,
  )
  const data = reading?.data
  const group = data?.group
  const which: Which = { by: 'kinds', fingerprints: [fingerprint] }
  return (
    <>
      <SheetHeader
        title={<span className="line-clamp-2 break-words">{group ? errorTitle(group) : 'Dead letters'}</span>}
        description={group ? `${group.job || 'jobs without a name'}, kind ${fingerprint}` : `kind ${fingerprint}`}
      />
      {group && group.fingerprint !== 'other' ? (
        <SheetFooter className="justify-start">
          <ReplayAct which={which} subject={errorTitle(group)} variant="primary" />
          <DiscardAct which={which} subject={errorTitle(group)} />
          <ExportLink environment={environment} which={which} />
        </SheetFooter>
      ) : null}
      <SheetBody>
        <div className="-m-4">
          {data === undefined ? <SheetWaiting what="The group" failed={failed} /> : null}
          {data && !group ? (
            <EmptyState title="No dead letters of this kind">
              They were replayed or removed, or the address is of another environment.
            </EmptyState>
          ) : null}
          {data && group ? <GroupFacts data={data} group={group} environment={environment} /> : null}
        </div>
      </SheetBody>
    </>
  )
}

function GroupFacts({ data, group, environment }: { data: DeadLetterGroupData; group: GroupRow; environment: string }) {
  const { sample, jobs, hidesSecrets } = data
  return (
    <>
      <KeyValue facts={factsOf(group)} className="px-4 py-3.5 tabular-nums" />
      {sample ? (
        <PartBoundary part={sample} what={`Redis ${group.newest.server}`}>
          {job =>
            job ? (
              <>
                <Section title="Newest error" note={hidesSecrets ? 'what sounds secret is hidden' : undefined}>
                  {job.error ? (
                    <ContentBox content={job.error} label="Error" />
                  ) : (
                    <p className="px-4 text-md text-muted">It left no message.</p>
                  )}
                  {job.stack ? (
                    <ContentBox content={{ bytes: job.stack.length, text: job.stack }} label="Stack" />
                  ) : null}
                </Section>
                <Section title="Its payload">
                  <ContentBox content={job.data} label="Payload" />
                </Section>
              </>
            ) : (
              <p className="px-4 pb-3 text-md text-muted">The newest of them is gone by now.</p>
            )
          }
        </PartBoundary>
      ) : null}
      <Section title="Queues">
        <ul className="px-4 text-md tabular-nums">
          {group.places.map(place => (
            <li key={`${place.server} ${place.queue}`} className="flex items-baseline gap-2 py-1">
              <AppLink
                href={`/${environment}/queues?${new URLSearchParams({ server: place.server, queue: place.queue })}`}
                className="min-w-0 flex-1 truncate text-accent"
              >
                {queueTitle(place.queue)}
              </AppLink>
              <span className="text-muted">on {place.server}</span>
              <GroupCount row={{ ...place, examined: group.examined }} />
            </li>
          ))}
        </ul>
      </Section>
      <GroupJobs environment={environment} group={group} jobs={jobs} />
    </>
  )
}

function factsOf(group: GroupRow): Fact[] {
  const { release, services } = group
  return [
    { label: 'Dead letters', value: <GroupCount row={group} /> },
    {
      label: 'Last 24 hours',
      value: <Sparkline values={group.trend} label={trendWords(group)} tone="bad" className="h-6 w-full max-w-60" />,
    },
    { label: 'First seen', value: <RelativeTime at={group.first} /> },
    { label: 'Last seen', value: <RelativeTime at={group.last} /> },
    {
      label: 'Release',
      value: release ? (
        <>
          {release.service} {release.version}, running since <RelativeTime at={release.since} as="clock" />
        </>
      ) : (
        'not known'
      ),
    },
    { label: 'Services', value: services.length > 0 ? services.join(', ') : 'none registered a worker of its queues' },
    ...(group.code ? [{ label: 'Code', value: group.code }] : []),
    ...(group.frame ? [{ label: 'First own frame', value: <code>{group.frame}</code> }] : []),
  ]
}
