'use client'

import dynamic from 'next/dynamic'
import { FilterBar } from '@/app/(console)/_parts/list/filter-bar'
import type { List } from '@/app/(console)/_parts/list/list'
import { ListPage } from '@/app/(console)/_parts/list/list-page'
import { ListPanel, ListPart } from '@/app/(console)/_parts/list/list-panel'
import { ListTable } from '@/app/(console)/_parts/list/list-table'
import { useList } from '@/app/(console)/_parts/list/use-list'
import { type Joining, joiningLines } from '@/app/(console)/_parts/teaching/joining'
import { AppLink } from '@/components/ui/app-link'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { EmptyState } from '@/components/ui/empty-state'
import type { LimitsData } from '@/lib/console/areas/breakers/views/limits'
import type { Reading } from '@/lib/console/platform/view/read'
import { limitActOf, WHAT } from './act-in-url'
import { policyRows } from './policy-rows'
import { providerRows } from './provider-rows'

const PolicySheet = dynamic(() => import('./policy-sheet').then(module => module.PolicySheet))
const ProvidersSheet = dynamic(() => import('./providers-sheet').then(module => module.ProvidersSheet))

const NotListed = dynamic(() => import('./not-listed').then(module => module.NotListed))

const limitsList: List = { view: 'limits', search: 'Filter limits', sheet: ['policy', 'providers'] }

interface LimitsBodyProps {
  initial: Reading<LimitsData>
  joining: Joining
}

/** What bounds the calls of each dependency, and which provider serves. */
export function LimitsBody({ initial, joining }: LimitsBodyProps) {
  const { environment } = joining
  const list = useList(limitsList, environment, initial)
  const { get, set } = list.url
  const { limits } = list.data
  const known = limits.status === 'down' ? undefined : limits.data
  const { act, dropped } = limitActOf(get('act'))
  const policy = known?.policies.find(({ name }) => name === get('policy'))
  const providers = known?.providers.find(({ name }) => name === get('providers'))
  const wanted = get('policy') ?? get('providers')
  const sheet = { environment, part: limits, act, onActDone: () => set({ act: undefined }) }
  return (
    <ListPage
      list={list}
      title="Limits"
      note="Bulkheads, rate limits, retry budgets and failovers"
      actions={
        <Button asChild>
          <AppLink href={`/${environment}/breakers`}>Breakers</AppLink>
        </Button>
      }
      dropped={dropped}
      sheet={
        policy ? (
          <PolicySheet key={policy.name} policy={policy} {...sheet} />
        ) : providers ? (
          <ProvidersSheet key={providers.name} set={providers} {...sheet} />
        ) : wanted && known ? (
          <NotListed name={wanted} filtered={list.chosen.length > 0} />
        ) : null
      }
    >
      {act && !wanted ? (
        <Callout tone="accent" className="mb-3">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <p className="min-w-0 flex-1">
              <span className="font-medium">Choose {WHAT[act]}.</span> Nothing happens before you have seen what it
              would do.
            </p>
            <Button size="sm" onClick={() => set({ act: undefined })}>
              Cancel
            </Button>
          </div>
        </Callout>
      ) : null}
      <FilterBar />
      <ListPanel>
        <ListPart part={limits}>
          {({ policies, total }) => (
            <ListTable
              of={policyRows}
              rows={policies}
              label={`Policies in ${environment}`}
              empty={total === 0 && list.chosen.length === 0 ? <NoLimits joining={joining} /> : undefined}
            />
          )}
        </ListPart>
      </ListPanel>
      {known && known.providers.length > 0 ? (
        <>
          <h2 className="mt-5 mb-2 text-md font-semibold">Providers</h2>
          <ListPanel>
            {/* The notice is above the policies; both were read together. */}
            <div data-stale={limits.status === 'stale' ? '' : undefined}>
              <ListTable of={providerRows} rows={known.providers} label={`Sets of providers in ${environment}`} />
            </div>
          </ListPanel>
        </>
      ) : null}
    </ListPage>
  )
}

function NoLimits({ joining }: { joining: Joining }) {
  return (
    <EmptyState
      title="No process has declared a policy"
      code={joiningLines(joining, {
        imports: "import { createPolicyRegistry } from 'substation/resilience'",
        lines: [
          'const policies = createPolicyRegistry()',
          'policies.declare({',
          "  name: 'payments-api',",
          '  timeoutMs: 2_000,',
          '  bulkhead: { maxConcurrent: 20, maxQueued: 50 },',
          '  rateLimit: { calls: 100 },',
          '  retry: { budget: { ratio: 0.2 } },',
          '})',
        ],
        name: 'policies',
      })}
    >
      A policy shows up here within two seconds of its first use: its places, its rate, its retries, and how much of
      each is left.
    </EmptyState>
  )
}
