'use client'

import { type ReactNode, useId } from 'react'
import { useOperationFlow } from '@/components/operation/operation-flow'
import { useOperations } from '@/components/operation/operations-client'
import { type OperationForm, PreviewStep } from '@/components/operation/preview-step'
import { reportRun } from '@/components/operation/run-report'
import { RunStep } from '@/components/operation/run-step'
import { cn } from '@/components/ui/cn'
import { Dialog, DialogContent, focusFirstFieldWithKeyboard } from '@/components/ui/dialog'
import { DialogHeader } from '@/components/ui/dialog-header'
import type { OperationSummary, Outcome, Preview } from '@/lib/console/platform/operation/wire'

export interface OperationDialogProps<I extends object> {
  operation: OperationSummary
  open: boolean
  onOpenChange: (open: boolean) => void
  /** Says what is acted on: the target's name. */
  subject?: string
  initialInput: I
  /** The form of the input; each change is previewed. */
  children?: (form: OperationForm<I>) => ReactNode
  /** The answer of a preview of the initial input, had before the dialog opened. */
  had?: Outcome<Preview>
}

/** One operation from the preview of its initial input to its outcome. Mount it when it opens: each time it starts afresh. */
export function OperationDialog<I extends object>(props: OperationDialogProps<I>) {
  const { operation, open, onOpenChange, subject, initialInput, had, children } = props
  const client = useOperations()
  const formId = useId()
  const flow = useOperationFlow<I>({
    operation: operation.id,
    initialInput,
    had,
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
        onOpenAutoFocus={focusFirstFieldWithKeyboard}
        // A form half filled is not thrown away by a stray click.
        onInteractOutside={event => event.preventDefault()}
      >
        <DialogHeader
          title={operation.title}
          description={<Where subject={subject} environment={flow.environment} production={flow.production} />}
        />
        {step.at === 'run' ? null : (
          <PreviewStep
            id={formId}
            title={operation.title}
            input={flow.input}
            change={flow.change}
            live={flow.live}
            problem={step.at === 'preview' ? step.problem : undefined}
            busy={busy}
            grave={operation.risk === 'grave'}
            onCancel={() => onOpenChange(false)}
            onConfirm={flow.run}
          >
            {children}
          </PreviewStep>
        )}
        {step.at === 'run' ? (
          <RunStep
            run={step.run}
            noun={flow.live.preview?.affected.noun}
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
