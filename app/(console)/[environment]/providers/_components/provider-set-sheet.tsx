'use client'

import { useView } from '@/app/(console)/_frame/use-view'
import { ProcessLines } from '@/app/(console)/_parts/processes/process-lines'
import { Section } from '@/app/(console)/_parts/sheets/section'
import { SheetWaiting } from '@/app/(console)/_parts/sheets/sheet-waiting'
import { Countdown } from '@/components/status/countdown'
import { type Fact, KeyValue } from '@/components/status/key-value'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { PartBoundary } from '@/components/status/part-boundary'
import { RelativeTime } from '@/components/status/relative-time'
import { ShortNumber } from '@/components/status/short-number'
import { EmptyState } from '@/components/ui/empty-state'
import { SheetBody, SheetHeader } from '@/components/ui/sheet'
import type { ProviderProcess, ProviderSet } from '@/lib/console/areas/providers/sets'
import type { ProviderSetData } from '@/lib/console/areas/providers/views/provider-set'
import { formatExact } from '@/lib/core/number-format'
import type { ProviderAct } from './act-in-url'
import { ProviderSection } from './provider-section'
import { InUse } from './provider-set-rows'
import { SetActs } from './set-acts'
import { SetState } from './set-state'

interface ProviderSetSheetProps {
  name: string
  environment: string
  act: ProviderAct | undefined
  onActDone: () => void
}

/** One set of providers: which serves in which process, how each does, forcing one, and sending a test. */
export function ProviderSetSheet({ name, environment, act, onActDone }: ProviderSetSheetProps) {
  const { reading, failed } = useView<ProviderSetData>(
    { view: 'provider-set', environment, filters: { name } },
    undefined,
  )
  const found = reading?.data.found
  const set = found && found.status !== 'down' ? found.data.set : undefined
  return (
    <>
      <SheetHeader
        title={<MiddleTruncate text={name} />}
        description={set ? <MiddleTruncate text={`Providers used by ${set.services.join(', ')}`} /> : 'Providers'}
      >
        {set ? (
          <span className="flex h-7 items-center">
            <SetState state={set.state} />
          </span>
        ) : null}
      </SheetHeader>
      {set ? <SetActs set={set} act={act} onActDone={onActDone} /> : null}
      <SheetBody>
        <div className="-m-4">
          {found ? (
            <PartBoundary part={found} what={`The fleet of ${environment}`}>
              {data =>
                data.set ? (
                  <Known set={data.set} environment={environment} />
                ) : (
                  <EmptyState title="No living process has these providers">
                    Processes that had them have stopped, or they go by another name now.
                  </EmptyState>
                )
              }
            </PartBoundary>
          ) : (
            <SheetWaiting what="The set of providers" failed={failed} />
          )}
        </div>
      </SheetBody>
    </>
  )
}

function Known({ set, environment }: { set: ProviderSet; environment: string }) {
  return (
    <>
      <KeyValue className="px-4 py-3.5" facts={factsOf(set)} />
      {set.providers.map((provider, at) => (
        <ProviderSection key={provider.name} provider={provider} order={at + 1} processes={set.processes.length} />
      ))}
      <Section title="Processes" note={formatExact(set.processes.length)}>
        <ProcessLines
          environment={environment}
          processes={set.processes.map(process => ({ ...process, alive: true }))}
          note={process => <Serving process={process} />}
        />
      </Section>
    </>
  )
}

function Serving({ process: { inUse, down } }: { process: ProviderProcess }) {
  if (down) return <span className="text-bad">none left</span>
  if (!inUse) return 'no call yet'
  return (
    <>
      <span className="text-ink">{inUse.provider}</span> since <RelativeTime at={inUse.since} as="clock" />
    </>
  )
}

function factsOf({ inUse, forced, processes, mixed, failedOver, heldBack }: ProviderSet): Fact[] {
  const [serving] = inUse
  return [
    {
      label: 'In use',
      value: (
        <span className="flex flex-wrap gap-x-2">
          <InUse row={{ inUse }} />
          {serving ? <RelativeTime at={serving.since} className="text-muted" /> : null}
        </span>
      ),
    },
    {
      label: 'Why',
      value: serving?.why ?? (
        <span className="text-muted">{serving ? 'it is the first in order and takes calls' : '–'}</span>
      ),
    },
    ...(forced
      ? [
          {
            label: 'Forced',
            value: (
              <>
                {forced.provider} in {forced.processes} of {processes.length},{' '}
                {forced.until === undefined ? (
                  'until released'
                ) : (
                  <>
                    for <Countdown until={forced.until} done="a moment" className="font-medium" />
                  </>
                )}
                <p className="break-words">
                  <span className="text-muted">by</span> {forced.by}
                  <span className="text-muted">:</span> {forced.reason}
                </p>
              </>
            ),
          },
        ]
      : []),
    ...(mixed ? [{ label: 'Order', value: 'differs between processes' }] : []),
    {
      label: 'Failed over',
      value: (
        <>
          <ShortNumber value={failedOver} /> <span className="text-muted">calls;</span> <ShortNumber value={heldBack} />{' '}
          <span className="text-muted">were not, because they may have had their effect</span>
        </>
      ),
    },
  ]
}
