'use client'

import type { ReactNode } from 'react'
import { ReasonField } from '@/components/operation/reason-field'
import { RefusalCallout } from '@/components/operation/refusal-callout'
import { Button } from '@/components/ui/button'
import { DialogBody, DialogFooter } from '@/components/ui/dialog-layout'
import type { Refusal } from '@/lib/console/platform/operation/wire'

/** What a form is given: the input, a way to change part of it, and what the server found wrong, by the input's path. */
export interface OperationForm<I> {
  value: I
  change: (patch: Partial<I>) => void
  errors: Readonly<Record<string, string>>
}

interface FormStepProps<I extends object> {
  id: string
  flow: { input: I; actsAtOnce: string | undefined; change: (patch: Partial<I>) => void; preview: () => void }
  problem: Refusal | undefined
  onCancel: () => void
  children?: (form: OperationForm<I>) => ReactNode
}

export function FormStep<I extends object>({ id, flow, problem, onCancel, children }: FormStepProps<I>) {
  const errors = problem?.fields ?? {}
  // What stands beside its field needs no callout above.
  const isBeside = errors.reason !== undefined && Object.keys(errors).length === 1
  const form = { value: flow.input, change: flow.change, errors }
  return (
    <>
      <DialogBody>
        <form
          id={id}
          noValidate
          className="grid gap-4"
          onSubmit={event => {
            event.preventDefault()
            flow.preview()
          }}
        >
          {problem && !isBeside ? <RefusalCallout refusal={problem} /> : null}
          {children ? children(form) : errors.reason ? <ReasonOnly form={form} /> : null}
        </form>
      </DialogBody>
      <DialogFooter>
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" form={id} variant="primary" className="min-w-0">
          <span className="truncate">{flow.actsAtOnce ?? 'Preview'}</span>
        </Button>
      </DialogFooter>
    </>
  )
}

/** For an act without a form of its own that turned out to want a reason. */
function ReasonOnly<I extends object>({ form }: { form: OperationForm<I> }) {
  const { reason } = form.value as { reason?: string }
  const change = (next: string) => form.change({ reason: next } as Partial<I> & { reason: string })
  return <ReasonField required value={reason ?? ''} onChange={change} error={form.errors.reason} />
}
