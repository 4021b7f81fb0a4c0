'use client'

import dynamic from 'next/dynamic'
import { FilterBar } from '@/app/(console)/_parts/list/filter-bar'
import type { List } from '@/app/(console)/_parts/list/list'
import { ListPage } from '@/app/(console)/_parts/list/list-page'
import { ListPanel, ListPart } from '@/app/(console)/_parts/list/list-panel'
import { ListTable } from '@/app/(console)/_parts/list/list-table'
import { useList } from '@/app/(console)/_parts/list/use-list'
import { ChooseTarget } from '@/app/(console)/_parts/targets/choose-target'
import { type Joining, joiningLines } from '@/app/(console)/_parts/teaching/joining'
import { AppLink } from '@/components/ui/app-link'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import type { LimitsData } from '@/lib/console/areas/breakers/views/limits'
import type { Reading } from '@/lib/console/platform/view/read'
import { limitActOf, WHAT } from './act-in-url'
import { policyRows } from './policy-rows'

const PolicySheet = dynamic(() => import('./policy-sheet').then(module => module.PolicySheet))

const NotListed = dynamic(() => import('./not-listed').then(module => module.NotListed))

const limitsList: List = { view: 'limits', search: 'Filter limits', sheet: ['policy'] }

interface LimitsBodyProps {
  initial: Reading<LimitsData>
  joining: Joining
}

/** What bounds the calls of each dependency. */
export function LimitsBody({ initial, joining }: LimitsBodyProps) {
  const { environment } = joining
  const list = useList(limitsList, environment, initial)
  const { get, set } = list.url
  const { limits } = list.data
  const known = limits.status === 'down' ? undefined : limits.data
  const { act, dropped } = limitActOf(get('act'))
  const policy = known?.policies.find(({ name }) => name === get('policy'))
  const wanted = get('policy')
  const sheet = { environment, part: limits, act, onActDone: () => set({ act: undefined }) }
  return (
    <ListPage
      list={list}
      title="Limits"
      note="Bulkheads, rate limits and retry budgets"
      actions={
        <Button asChild>
          <AppLink href={`/${environment}/breakers`}>Breakers</AppLink>
        </Button>
      }
      dropped={dropped}
      sheet={
        policy ? (
          <PolicySheet key={policy.name} policy={policy} {...sheet} />
        ) : wanted && known ? (
          <NotListed name={wanted} filtered={list.chosen.length > 0} />
        ) : null
      }
    >
      {act && !wanted ? <ChooseTarget what={WHAT[act]} onCancel={() => set({ act: undefined })} /> : null}
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
