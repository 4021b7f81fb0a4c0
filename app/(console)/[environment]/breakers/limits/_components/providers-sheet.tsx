'use client'

import { useOperation } from '@/app/(console)/_frame/catalogue'
import { breakerStatus } from '@/app/(console)/_parts/breakers/breaker-state'
import { placesOf } from '@/app/(console)/_parts/holding/places'
import { Section } from '@/app/(console)/_parts/sheets/section'
import { LazyDialog } from '@/components/operation/dialog-host'
import { OperationButton } from '@/components/operation/operation-button'
import { Countdown } from '@/components/status/countdown'
import { KeyValue } from '@/components/status/key-value'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { PartBoundary } from '@/components/status/part-boundary'
import { RelativeTime } from '@/components/status/relative-time'
import { ShortNumber } from '@/components/status/short-number'
import { StatusMark } from '@/components/status/status-mark'
import { SheetBody, SheetFooter, SheetHeader } from '@/components/ui/sheet'
import type { LimitsData, ProvidersGroup } from '@/lib/console/areas/breakers/views/limits'
import { formatExact } from '@/lib/core/number-format'
import type { LimitAct } from './act-in-url'
import { Reach } from './policy-sheet'
import { ProviderForm, type ProviderInput, providerInput, providersOf } from './provider-form'
import { InUse, servingOf } from './provider-rows'

interface ProvidersSheetProps {
  environment: string
  set: ProvidersGroup
  /** What it was read from: where that is stale, its figures are. */
  part: LimitsData['limits']
  act: LimitAct | undefined
  onActDone: () => void
}

/** One set of providers: which serves in which process, how each does, and forcing one. */
export function ProvidersSheet({ environment, set, part, act, onActDone }: ProvidersSheetProps) {
  const force = useOperation('provider.force')
  const release = useOperation('provider.release')
  const places = placesOf(set.processes)
  const providers = providersOf(set)
  const arriving = act === 'provider.force' ? force : act === 'provider.release' ? release : undefined
  const { forced } = set
  return (
    <>
      <SheetHeader
        title={<MiddleTruncate text={set.name} />}
        description={<MiddleTruncate text={`Providers used by ${set.services.join(', ')}`} />}
      />
      <SheetFooter className="justify-start">
        <OperationButton<ProviderInput>
          operation={force}
          input={providerInput(set)}
          label="Force a provider…"
          subject={set.name}
          variant="danger"
        >
          {form => <ProviderForm form={form} places={places} providers={providers} />}
        </OperationButton>
        {forced ? (
          <OperationButton
            operation={release}
            input={{ set: set.name, scope: { kind: 'fleet' } }}
            label="Release"
            subject={set.name}
          />
        ) : null}
        <Reach places={places} needs={force.allowed ? undefined : force.needs} />
      </SheetFooter>
      <SheetBody>
        <div className="-m-4">
          <PartBoundary part={part} what={`The fleet of ${environment}`}>
            {() => <Known set={set} providers={providers} />}
          </PartBoundary>
        </div>
      </SheetBody>
      {arriving?.allowed ? (
        <LazyDialog<ProviderInput>
          open
          onOpenChange={open => (open ? undefined : onActDone())}
          operation={arriving}
          subject={set.name}
          initialInput={
            act === 'provider.force'
              ? providerInput(set)
              : ({ set: set.name, scope: { kind: 'fleet' } } as ProviderInput)
          }
        >
          {act === 'provider.force'
            ? form => <ProviderForm form={form} places={places} providers={providers} />
            : undefined}
        </LazyDialog>
      ) : null}
    </>
  )
}

function Known({ set, providers }: { set: ProvidersGroup; providers: readonly string[] }) {
  const { forced } = set
  return (
    <>
      <KeyValue
        className="px-4 py-3.5"
        facts={[
          { label: 'In use', value: <InUse row={set} /> },
          {
            label: 'Why',
            value: servingOf(set)?.why ?? (
              <span className="text-muted">
                {set.inUse.length > 0 ? 'it is the first in order and takes calls' : '–'}
              </span>
            ),
          },
          {
            label: 'Forced',
            value: forced ? (
              <>
                {forced.provider} in {forced.processes} of {set.processes.length},{' '}
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
            ) : (
              <span className="text-muted">no</span>
            ),
          },
          {
            label: 'So far',
            value: (
              <>
                <ShortNumber value={set.failedOver} /> <span className="text-muted">calls failed over,</span>{' '}
                <ShortNumber value={set.heldBack} />{' '}
                <span className="text-muted">not, because they may have had their effect</span>
              </>
            ),
          },
        ]}
      />
      <Section title="Providers" note="in order">
        <ul className="divide-y divide-line">
          {providers.map(name => (
            <Provider key={name} name={name} set={set} />
          ))}
        </ul>
      </Section>
      <Section title="Processes" note={formatExact(set.processes.length)}>
        <ul className="divide-y divide-line">
          {set.processes.map(({ process, instance, item }) => (
            <li key={process} className="flex flex-wrap items-baseline gap-x-3 px-4 py-1.5 text-md">
              <span className="min-w-0 flex-1 basis-40">
                <MiddleTruncate text={instance} />
              </span>
              {item.inUse ? (
                <span>
                  {item.inUse.provider}{' '}
                  <span className="text-sm text-muted">
                    since <RelativeTime at={item.inUse.since} as="clock" />
                  </span>
                </span>
              ) : (
                <span className="text-muted">no call yet</span>
              )}
            </li>
          ))}
        </ul>
      </Section>
    </>
  )
}

/** One provider over all processes: the gravest state of its breakers, and what it did. */
function Provider({ name, set }: { name: string; set: ProvidersGroup }) {
  const members = set.processes.flatMap(({ item }) => item.providers.filter(one => one.name === name))
  const states = members.map(({ breaker }) => breaker)
  const state = (['open', 'half-open', 'closed'] as const).find(one => states.includes(one))
  const sum = (pick: (one: (typeof members)[number]) => number) => members.reduce((total, one) => total + pick(one), 0)
  const last = members
    .flatMap(({ lastFailure }) => lastFailure ?? [])
    .sort((a, b) => b.at - a.at)
    .at(0)
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 px-4 py-1.5 text-md">
      <span className="inline-flex min-w-0 items-center gap-2">
        <MiddleTruncate text={name} className="font-medium" />
        {state ? (
          <span className="inline-flex shrink-0 items-center gap-1.5 text-sm">
            <StatusMark status={breakerStatus[state]} className="size-2.5" />
            {state}
          </span>
        ) : null}
      </span>
      <span className="text-right tabular-nums">
        <ShortNumber value={sum(({ calls }) => calls)} />
        <span className="text-muted"> calls, </span>
        <ShortNumber value={sum(({ failures }) => failures)} />
        <span className="text-muted"> failed</span>
      </span>
      {last ? (
        <span className="col-span-2 min-w-0 text-sm">
          <code className="break-words">{last.message}</code> <RelativeTime at={last.at} className="text-muted" />
        </span>
      ) : null}
    </li>
  )
}
