'use client'

import { useOperation } from '@/app/(console)/_frame/catalogue'
import { type Places, placesOf } from '@/app/(console)/_parts/holding/places'
import { RunbookLink } from '@/app/(console)/_parts/ownership/owner-and-runbook'
import { Section } from '@/app/(console)/_parts/sheets/section'
import { LazyDialog } from '@/components/operation/dialog-host'
import { OperationButton } from '@/components/operation/operation-button'
import { Countdown } from '@/components/status/countdown'
import { type Fact, KeyValue } from '@/components/status/key-value'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { PartBoundary } from '@/components/status/part-boundary'
import { ShortNumber } from '@/components/status/short-number'
import { AppLink } from '@/components/ui/app-link'
import { SheetBody, SheetFooter, SheetHeader } from '@/components/ui/sheet'
import type { LimitsData, PolicyGroup } from '@/lib/console/areas/breakers/views/limits'
import { formatExact, formatPercent } from '@/lib/core/number-format'
import { formatDuration } from '@/lib/core/time-format'
import type { LimitAct } from './act-in-url'
import { LimitsForm, type LimitsInput, limitsInput } from './limits-form'

interface PolicySheetProps {
  environment: string
  policy: PolicyGroup
  /** What it was read from: where that is stale, its figures are. */
  part: LimitsData['limits']
  act: LimitAct | undefined
  onActDone: () => void
}

/** One policy: its parts over all processes, each process, and its limits to change. */
export function PolicySheet({ environment, policy, part, act, onActDone }: PolicySheetProps) {
  const change = useOperation('policy.change-limits')
  const restore = useOperation('policy.restore-limits')
  const places = placesOf(policy.processes)
  const hasLimits = policy.bulkhead ?? policy.rateLimit ?? policy.retryBudget
  const arriving = act === 'policy.change-limits' ? change : act === 'policy.restore-limits' ? restore : undefined
  return (
    <>
      <SheetHeader
        title={<MiddleTruncate text={policy.name} />}
        description={<MiddleTruncate text={`Guards calls of ${policy.services.join(', ')}`} />}
      />
      {hasLimits ? (
        <SheetFooter className="justify-start">
          <OperationButton<LimitsInput>
            operation={change}
            input={limitsInput(policy)}
            label="Change limits…"
            subject={policy.name}
          >
            {form => <LimitsForm form={form} places={places} perMs={policy.rateLimit?.perMs} />}
          </OperationButton>
          {policy.override ? (
            <OperationButton
              operation={restore}
              input={{ policy: policy.name, scope: { kind: 'fleet' } }}
              label="Restore limits"
              subject={policy.name}
            />
          ) : null}
          <Reach places={places} needs={change.allowed ? undefined : change.needs} />
        </SheetFooter>
      ) : null}
      <SheetBody>
        <div className="-m-4">
          <PartBoundary part={part} what={`The fleet of ${environment}`}>
            {() => (
              <>
                <KeyValue facts={factsOf(policy)} className="px-4 py-3.5" />
                <Processes environment={environment} policy={policy} />
              </>
            )}
          </PartBoundary>
        </div>
      </SheetBody>
      {arriving?.allowed ? (
        <LazyDialog<LimitsInput>
          open
          onOpenChange={open => (open ? undefined : onActDone())}
          operation={arriving}
          subject={policy.name}
          initialInput={
            act === 'policy.change-limits'
              ? limitsInput(policy)
              : ({ policy: policy.name, scope: { kind: 'fleet' } } as LimitsInput)
          }
        >
          {act === 'policy.change-limits'
            ? form => <LimitsForm form={form} places={places} perMs={policy.rateLimit?.perMs} />
            : undefined}
        </LazyDialog>
      ) : null}
    </>
  )
}

function Reach({ places, needs }: { places: Places; needs: string | undefined }) {
  const count = places.processes.length
  return (
    <span className="text-sm text-muted">
      {needs ? `needs the ${needs} role` : `${count} ${count === 1 ? 'process' : 'processes'}`}
    </span>
  )
}

function factsOf(policy: PolicyGroup): Fact[] {
  const { bulkhead, rateLimit, retry, retryBudget, hedge, fallback, override, owner, runbook, processes } = policy
  const facts: Fact[] = []
  if (override)
    facts.push({
      label: 'Changed',
      value: (
        <>
          in {override.processes} of {processes.length},{' '}
          {override.until === undefined ? (
            'until restored'
          ) : (
            <>
              for <Countdown until={override.until} done="a moment" className="font-medium" />
            </>
          )}
          <p className="break-words">
            <Quiet>by</Quiet> {override.by}
            <Quiet>:</Quiet> {override.reason}
          </p>
        </>
      ),
    })
  if (bulkhead)
    facts.push({
      label: 'Bulkhead',
      value: (
        <>
          {formatExact(bulkhead.active)} <Quiet>running,</Quiet> {formatExact(bulkhead.queued)} <Quiet>waiting,</Quiet>{' '}
          <ShortNumber value={bulkhead.refused} /> <Quiet>refused</Quiet>
          <p className="text-sm text-muted">
            {formatExact(bulkhead.maxConcurrent)} at a time and {formatExact(bulkhead.maxQueued)} waiting in each
            process
          </p>
        </>
      ),
    })
  if (rateLimit)
    facts.push({
      label: 'Rate limit',
      value: (
        <>
          <ShortNumber value={rateLimit.allowed} /> <Quiet>allowed,</Quiet> <ShortNumber value={rateLimit.waited} />{' '}
          <Quiet>of them after a wait,</Quiet> <ShortNumber value={rateLimit.refused} /> <Quiet>refused</Quiet>
          <p className="text-sm text-muted">
            {formatExact(rateLimit.calls)} in {formatDuration(rateLimit.perMs)}
            {rateLimit.burst > 0 ? ` and bursts of ${formatExact(rateLimit.burst)}` : ''},{' '}
            {rateLimit.shared ? 'of all processes together' : 'in each process'}
            {rateLimit.alone > 0
              ? `; Redis does not count for ${formatExact(rateLimit.alone)} of them, which count alone`
              : ''}
          </p>
        </>
      ),
    })
  if (retry)
    facts.push({
      label: 'Retries',
      value: (
        <>
          <ShortNumber value={retry.retries} /> <Quiet>made; up to</Quiet> {formatExact(retry.attempts)}{' '}
          <Quiet>{`attempts, ${retry.backoff.replaceAll('-', ' ')}`}</Quiet>
        </>
      ),
    })
  if (retryBudget)
    facts.push({
      label: 'Retry budget',
      value: (
        <>
          {formatExact(retryBudget.left)} <Quiet>left now;</Quiet> <ShortNumber value={retryBudget.exhausted} />{' '}
          <Quiet>retries not made because it was spent</Quiet>
          <p className="text-sm text-muted">up to {formatPercent(retryBudget.ratio)} of calls</p>
        </>
      ),
    })
  if (hedge)
    facts.push({
      label: 'Hedging',
      value: (
        <>
          <ShortNumber value={hedge.hedged} /> <Quiet>calls made twice, the second answered first in</Quiet>{' '}
          <ShortNumber value={hedge.won} />
        </>
      ),
    })
  facts.push(
    {
      label: 'Fallback',
      value: fallback ? (
        <>
          <Quiet>used</Quiet> <ShortNumber value={fallback.used} /> <Quiet>times</Quiet>
        </>
      ) : (
        <Quiet>none: callers get the error</Quiet>
      ),
    },
    { label: 'Owner', value: owner ?? <Quiet>not registered</Quiet> },
    { label: 'Runbook', value: runbook ? <RunbookLink runbook={runbook} /> : <Quiet>not registered</Quiet> },
  )
  return facts
}

function Processes({ environment, policy }: { environment: string; policy: PolicyGroup }) {
  return (
    <Section title="Processes" note={formatExact(policy.processes.length)}>
      <ul className="divide-y divide-line">
        {policy.processes.map(({ process, instance, item }) => (
          <li key={process} className="flex flex-wrap items-center gap-x-3 px-4 py-1.5 text-md">
            <AppLink
              href={`/${environment}/services?process=${process}`}
              className="flex min-w-0 flex-1 basis-40 items-center hover:underline touch:h-(--control)"
            >
              <MiddleTruncate text={instance} />
            </AppLink>
            <span className="flex flex-wrap gap-x-3 tabular-nums">
              {item.bulkhead ? (
                <span>
                  {formatExact(item.bulkhead.active)} of {formatExact(item.bulkhead.maxConcurrent)}
                  <Quiet> in use, </Quiet>
                  {formatExact(item.bulkhead.queued)}
                  <Quiet> waiting</Quiet>
                </span>
              ) : null}
              {item.rateLimit ? (
                <span>
                  <ShortNumber value={item.rateLimit.refused} />
                  <Quiet> over its rate</Quiet>
                </span>
              ) : null}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Quiet({ children }: { children: string }) {
  return <span className="text-muted">{children}</span>
}
