'use client'

import { type ReactNode, useId } from 'react'
import { ConfirmStep } from '@/components/operation/confirm-step'
import { FormStep, type OperationForm } from '@/components/operation/form-step'
import { type FlowStep, useOperationFlow } from '@/components/operation/operation-flow'
import { useOperations } from '@/components/operation/operations-client'
import { reportRun } from '@/components/operation/run-report'
import { RunStep } from '@/components/operation/run-step'
import { cn } from '@/components/ui/cn'
import { Dialog, DialogContent } from '@/components/ui/dialog'
import { DialogHeader } from '@/components/ui/dialog-header'
import { DialogBody } from '@/components/ui/dialog-layout'
import { Skeleton } from '@/components/ui/skeleton'
import type { OperationSummary, Preview, Refusal } from '@/lib/console/platform/operation/wire'

export interface OperationDialogProps<I extends object> {
  operation: OperationSummary
  open: boolean
  onOpenChange: (open: boolean) => void
  /** Says what is acted on: the target's name. */
  subject?: string
  initialInput: I
  /** The form of the input. Without it, an input that is complete goes straight to its preview. */
  children?: (form: OperationForm<I>) => ReactNode
  /** What the form's button says where the act is so small that it is carried out at once: `Force open in checkout-1`. */
  atOnce?: (input: I) => string | undefined
  /** A preview or a refusal that was had before the dialog opened. */
  preview?: Preview
  refusal?: Refusal
}

/** One operation from its form through preview and confirmation to its outcome. Mount it when it opens: it starts anew each time. */
export function OperationDialog<I extends object>(props: OperationDialogProps<I>) {
  const { operation, open, onOpenChange, subject, initialInput, children } = props
  const client = useOperations()
  const formId = useId()
  const flow = useOperationFlow<I>({
    operation: operation.id,
    initialInput,
    initialStep: firstStep(props),
    atOnce: props.atOnce,
    onImmediate: run => {
      onOpenChange(false)
      reportRun(client, run)
    },
  })
  const { step } = flow
  const busy = step.at === 'starting'

  return (
    <Dialog open={open} onOpenChange={next => (busy && !next ? undefined : onOpenChange(next))}>
      <DialogContent
        aria-describedby={undefined}
        // A form half filled is not thrown away by a stray click.
        onInteractOutside={event => event.preventDefault()}
      >
        <DialogHeader
          title={operation.title}
          description={<Where subject={subject} environment={flow.environment} production={flow.production} />}
        />
        {step.at === 'form' ? (
          <FormStep id={formId} flow={flow} problem={step.problem} onCancel={() => onOpenChange(false)}>
            {children}
          </FormStep>
        ) : null}
        {step.at === 'previewing' ? <Previewing acts={flow.actsAtOnce !== undefined} /> : null}
        {step.at === 'confirm' || step.at === 'starting' ? (
          <ConfirmStep
            id={formId}
            preview={step.preview}
            problem={step.at === 'confirm' ? step.problem : undefined}
            busy={busy}
            grave={operation.risk === 'grave'}
            onBack={children ? flow.back : () => onOpenChange(false)}
            backWords={children ? 'Back' : 'Cancel'}
            onConfirm={typedName => flow.run(step.preview, typedName)}
          />
        ) : null}
        {step.at === 'run' ? (
          <RunStep
            run={step.run}
            noun={flow.noun}
            problem={step.problem}
            asking={step.asking}
            onAbort={flow.abort}
            onUndo={flow.undo}
            onClose={() => onOpenChange(false)}
          />
        ) : null}
      </DialogContent>
    </Dialog>
  )
}

function firstStep<I extends object>({ preview, refusal }: OperationDialogProps<I>): FlowStep {
  if (preview) return { at: 'confirm', preview }
  return { at: 'form', problem: refusal }
}

function Where({ subject, environment, production }: { subject?: string; environment: string; production: boolean }) {
  return (
    <span className="flex flex-wrap items-center gap-x-1.5">
      {subject ? (
        <>
          <span className="min-w-0 break-all text-ink">{subject}</span>
          <span>in</span>
        </>
      ) : null}
      <span className={cn('font-semibold', production && 'rounded-sm bg-production px-1.5 text-sm text-on-production')}>
        {environment}
      </span>
    </span>
  )
}

function Previewing({ acts }: { acts: boolean }) {
  return (
    <DialogBody className="grid gap-3">
      <p role="status" className="text-md text-muted">
        {acts ? 'Starting' : 'Looking at what would happen'}
      </p>
      <Skeleton className="h-6 w-3/4" />
      <Skeleton className="h-24 w-full" />
    </DialogBody>
  )
}
