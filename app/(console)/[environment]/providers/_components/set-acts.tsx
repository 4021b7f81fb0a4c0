'use client'

import { useOperation } from '@/app/(console)/_frame/catalogue'
import { useOwnEmail } from '@/app/(console)/_frame/person'
import { placesOf } from '@/app/(console)/_parts/holding/places'
import { LazyDialog } from '@/components/operation/dialog-host'
import { OperationButton } from '@/components/operation/operation-button'
import type { OperationForm } from '@/components/operation/preview-step'
import { SheetFooter } from '@/components/ui/sheet'
import type { ProviderSet } from '@/lib/console/areas/providers/sets'
import type { ProviderAct } from './act-in-url'
import { ForceForm, type ForceInput, forceInput } from './force-form'
import { TestForm, type TestInput } from './test-form'

interface SetActsProps {
  set: ProviderSet
  act: ProviderAct | undefined
  onActDone: () => void
}

/** What can be done with a set of providers; the act that the address names is opened. */
export function SetActs({ set, act, onActDone }: SetActsProps) {
  const force = useOperation('provider.force')
  const release = useOperation('provider.release')
  const test = useOperation('provider.test')
  const to = useOwnEmail()
  const { name } = set
  const providers = set.providers.map(provider => provider.name)
  const places = placesOf(set.processes.map(({ id, ...process }) => ({ ...process, process: id })))
  const forcing = (form: OperationForm<ForceInput>) => <ForceForm form={form} places={places} providers={providers} />
  const testing = (form: OperationForm<TestInput>) => <TestForm form={form} providers={providers} />
  const releaseInput = { set: name, scope: { kind: 'fleet' as const } }
  const testInput = { set: name, provider: set.inUse[0]?.provider ?? providers[0] ?? '', to }
  const arrive = { open: true, onOpenChange: (open: boolean) => (open ? undefined : onActDone()), subject: name }
  return (
    <>
      <SheetFooter className="justify-start">
        <OperationButton<ForceInput>
          operation={force}
          input={forceInput(set)}
          label="Force a provider…"
          subject={name}
          variant="danger"
        >
          {forcing}
        </OperationButton>
        {set.forced ? (
          <OperationButton operation={release} input={releaseInput} label="Release" subject={name} />
        ) : null}
        {set.testable ? (
          <OperationButton<TestInput> operation={test} input={testInput} label="Send a test…" subject={name}>
            {testing}
          </OperationButton>
        ) : null}
      </SheetFooter>
      {act === 'provider.force' && force.allowed ? (
        <LazyDialog<ForceInput> {...arrive} operation={force} initialInput={forceInput(set)}>
          {forcing}
        </LazyDialog>
      ) : null}
      {act === 'provider.release' && release.allowed ? (
        <LazyDialog {...arrive} operation={release} initialInput={releaseInput} />
      ) : null}
      {act === 'provider.test' && test.allowed ? (
        <LazyDialog<TestInput> {...arrive} operation={test} initialInput={testInput}>
          {testing}
        </LazyDialog>
      ) : null}
    </>
  )
}
