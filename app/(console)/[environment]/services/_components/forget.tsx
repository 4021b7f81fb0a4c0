'use client'

import dynamic from 'next/dynamic'
import { useOperation } from '@/app/(console)/_frame/catalogue'
import { LazyDialog } from '@/components/operation/dialog-host'
import { OperationButton } from '@/components/operation/operation-button'
import type { ServiceRow } from '@/lib/console/areas/services/views/services'
import type { ForgetInput } from './forget-form'

// Its fields come with the dialog, not with the page.
const ForgetForm = dynamic(() => import('./forget-form').then(module => module.ForgetForm))

const EVERYTHING: ForgetInput = { which: { kind: 'all' } }

/** For the head of the page: all that are gone, or those of one service. */
export function ForgetButton({ services }: { services: readonly ServiceRow[] }) {
  return (
    <OperationButton<ForgetInput> operation={useOperation('process.forget')} input={EVERYTHING} label="Forget…">
      {form => <ForgetForm form={form} services={services} />}
    </OperationButton>
  )
}

/** For one process that is gone: no questions but the preview. */
export function ForgetProcess({ id, instance }: { id: string; instance: string }) {
  return (
    <OperationButton<ForgetInput>
      operation={useOperation('process.forget')}
      input={{ which: { kind: 'process', process: id } }}
      subject={instance}
      label="Forget this process"
    />
  )
}

/** Opened by the address: `?act=process.forget` is where the palette lands. */
export function ForgetByAddress({ services, onClose }: { services: readonly ServiceRow[]; onClose: () => void }) {
  const operation = useOperation('process.forget')
  if (!operation.allowed) return null
  return (
    <LazyDialog<ForgetInput>
      open
      onOpenChange={open => {
        if (!open) onClose()
      }}
      operation={operation}
      initialInput={EVERYTHING}
    >
      {form => <ForgetForm form={form} services={services} />}
    </LazyDialog>
  )
}
