'use client'

import dynamic from 'next/dynamic'
import { useOperation } from '@/app/(console)/_frame/catalogue'
import { LazyDialog } from '@/components/operation/dialog-host'
import { OperationButton } from '@/components/operation/operation-button'
import type { ServiceRow } from '@/lib/console/areas/services/views/services'
import type { ForgetInput } from './forget-form'

// Its fields come with the dialog, not with the page.
const ForgetForm = dynamic(() => import('./forget-form').then(module => module.ForgetForm))

interface ForgetProps {
  services: readonly ServiceRow[]
  /** How the list on the screen is narrowed: the act begins with the same. */
  filter: Record<string, string | undefined>
}

/** For the head of the page: those in the list that are gone. */
export function ForgetButton({ services, filter }: ForgetProps) {
  return (
    <OperationButton<ForgetInput> operation={useOperation('process.forget')} input={listed(filter)} label="Forget…">
      {form => <ForgetForm form={form} services={services.map(({ service }) => service)} />}
    </OperationButton>
  )
}

/** Of living processes none can be forgotten, so that a list of those begins with all that are gone. */
function listed({ q = '', service = '', state }: ForgetProps['filter']): ForgetInput {
  const gone = state === 'lost' || state === 'replaced' || state === 'left' ? state : 'all'
  return { which: { kind: 'matching', q, service, state: gone } }
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
export function ForgetByAddress({ services, filter, onClose }: ForgetProps & { onClose: () => void }) {
  const operation = useOperation('process.forget')
  if (!operation.allowed) return null
  return (
    <LazyDialog<ForgetInput>
      open
      onOpenChange={open => {
        if (!open) onClose()
      }}
      operation={operation}
      initialInput={listed(filter)}
    >
      {form => <ForgetForm form={form} services={services.map(({ service }) => service)} />}
    </LazyDialog>
  )
}
