'use client'

import dynamic from 'next/dynamic'
import { useState } from 'react'
import { useOperation } from '@/app/(console)/_frame/catalogue'
import { useView } from '@/app/(console)/_frame/use-view'
import { GroupStateBadge } from '@/app/(console)/_parts/breakers/breaker-state'
import type { UrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { placesOf } from '@/app/(console)/_parts/holding/places'
import { SheetWaiting } from '@/app/(console)/_parts/sheets/sheet-waiting'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { PartBoundary } from '@/components/status/part-boundary'
import { cn } from '@/components/ui/cn'
import { EmptyState } from '@/components/ui/empty-state'
import { SegmentedControl } from '@/components/ui/segmented-control'
import { SheetBody, SheetFooter, SheetHeader } from '@/components/ui/sheet'
import type { BreakerData } from '@/lib/console/areas/breakers/views/breaker'
import type { Reading } from '@/lib/console/platform/view/read'
import type { Act } from './act-in-url'
import { BreakerActs } from './breaker-acts'
import { PolicyActs } from './policy-acts'
import { toDraft } from './rule-draft'
import type { RuleDraft } from './rule-fields'
import { Transitions } from './transitions'

// Each tab comes when it is looked at.
const ArrivingAct = dynamic(() => import('./arriving-act').then(module => module.ArrivingAct))
const BreakerNow = dynamic(() => import('./breaker-now').then(module => module.BreakerNow))
const LastMinute = dynamic(() => import('./last-minute').then(module => module.LastMinute))
const BreakerHistory = dynamic(() => import('./breaker-history').then(module => module.BreakerHistory))
const WhatIf = dynamic(() => import('./what-if').then(module => module.WhatIf))

interface BreakerSheetProps {
  name: string
  environment: string
  initial: Reading<BreakerData> | undefined
  url: UrlFilters
  act: Act | undefined
}

const LOOKS = [
  { value: 'now', label: 'Now' },
  { value: 'minute', label: 'Last minute' },
  { value: 'history', label: 'History' },
  { value: 'what-if', label: 'What if' },
] as const
type Look = (typeof LOOKS)[number]['value']

/** One dependency: its breaker in every process, how it got there, and what can be done about it. */
export function BreakerSheet({ name, environment, initial, url, act }: BreakerSheetProps) {
  const look = LOOKS.find(({ value }) => value === url.get('look'))?.value ?? 'now'
  // A rule tried in What if is what the form of the act begins with.
  const [tried, setTried] = useState<RuleDraft>()
  const { reading, failed } = useView<BreakerData>({ view: 'breaker', environment, filters: { name } }, initial)
  const breaker = reading?.data.breaker
  const known = breaker && breaker.status !== 'down' ? breaker.data : undefined
  const group = known?.group
  const places = placesOf((known?.instances ?? []).filter(({ effective }) => effective !== 'unknown'))
  return (
    <>
      <SheetHeader
        title={<MiddleTruncate text={name} />}
        description={group ? <MiddleTruncate text={`Guards calls of ${group.services.join(', ')}`} /> : 'Breaker'}
      >
        {group && breaker?.status === 'up' ? (
          <span className="flex h-7 items-center">
            <GroupStateBadge group={group} />
          </span>
        ) : null}
      </SheetHeader>
      {group ? (
        <SheetFooter className="justify-start">
          <BreakerActs
            breaker={name}
            scope={{ kind: 'fleet' }}
            where="in the whole fleet"
            showWhere
            forced={group.forced !== undefined}
            places={places}
          />
          <PolicyActs breaker={name} group={group} places={places} />
          <Reach processes={places.processes.length} />
        </SheetFooter>
      ) : null}
      <SheetBody>
        {/* The sections have edges of their own, from side to side. */}
        <div className="-m-4">
          {breaker === undefined ? <SheetWaiting what="The breaker" failed={failed} /> : null}
          {breaker && (
            <PartBoundary part={breaker} what={`The fleet of ${environment}`}>
              {data =>
                data.group ? (
                  <>
                    {/* What follows has an edge of its own, except the trends. */}
                    <div className={cn('overflow-x-auto px-4 py-2', look === 'now' && 'border-b border-line')}>
                      <SegmentedControl<Look>
                        label="Show"
                        value={look}
                        segments={LOOKS}
                        onChange={value => url.set({ look: value === 'now' ? undefined : value, hours: undefined })}
                      />
                    </div>
                    {look === 'minute' ? <LastMinute group={data.group} /> : null}
                    {look === 'history' ? <BreakerHistory name={name} environment={environment} url={url} /> : null}
                    {look === 'what-if' ? (
                      <WhatIf
                        name={name}
                        group={data.group}
                        environment={environment}
                        url={url}
                        onUse={rule => {
                          setTried(rule)
                          url.set({ act: 'breaker.change-policy' })
                        }}
                      />
                    ) : null}
                    {look === 'now' ? (
                      <BreakerNow
                        name={name}
                        environment={environment}
                        group={data.group}
                        computed={data.computed}
                        instances={data.instances}
                        total={data.total}
                        opened={url.get('process')}
                        places={places}
                      />
                    ) : null}
                  </>
                ) : (
                  <EmptyState title="No process has this breaker">
                    Those that had it have stopped, or it has another name now. Its event log is below, as far as it is
                    kept.
                  </EmptyState>
                )
              }
            </PartBoundary>
          )}
          {reading && (look === 'now' || look === 'history' || !group) ? (
            <Transitions environment={environment} part={reading.data.transitions} />
          ) : null}
        </div>
      </SheetBody>
      {act && group ? (
        <ArrivingAct
          act={act}
          breaker={name}
          places={places}
          rule={tried ?? toDraft(group.policy)}
          onDone={() => url.set({ act: undefined })}
        />
      ) : null}
    </>
  )
}

/** How far the acts reach; or, for those who may only look, what it takes. */
function Reach({ processes }: { processes: number }) {
  const { allowed, needs } = useOperation('breaker.force')
  return (
    <span className="text-sm text-muted">
      {allowed ? `${processes} ${processes === 1 ? 'process' : 'processes'}` : `needs the ${needs} role`}
    </span>
  )
}
