'use client'

import { type ReactNode, useState } from 'react'
import { answerOf, unanswered, unreachable } from '@/components/operation/answer'
import { useArriving } from '@/components/operation/arriving'
import { DeniedButton } from '@/components/operation/denied-button'
import { loadDialog, useDialogHost } from '@/components/operation/dialog-host'
import { useOperations } from '@/components/operation/operations-client'
import type { OperationForm } from '@/components/operation/preview-step'
import { reportRefusal, reportRun } from '@/components/operation/run-report'
import { Button, type ButtonProps } from '@/components/ui/button'
import type { OperationSummary, Outcome, Preview } from '@/lib/console/platform/operation/wire'

interface OperationButtonProps<I extends object> {
  operation: OperationSummary
  /** The whole input, or what the form starts from. Leave its reason empty. */
  input: I
  /** The button's words; the operation's title otherwise. Name the act and what it acts on. */
  label?: ReactNode
  /** The target's name, for the dialog's header. */
  subject?: string
  variant?: ButtonProps['variant']
  size?: ButtonProps['size']
  className?: string
  /** The form. Without one the press runs at once what needs no confirming. */
  children?: (form: OperationForm<I>) => ReactNode
}

export function OperationButton<I extends object>(props: OperationButtonProps<I>) {
  const { operation, input, label = operation.title, variant, size, className, children } = props
  const client = useOperations()
  const [busy, setBusy] = useState(false)
  const openDialog = useDialogHost()
  const open = (had?: Outcome<Preview>) => openDialog<I>({ ...props, initialInput: input, had })

  // An address opens the preview and never acts: anyone can send a link.
  useArriving(operation.id, () => {
    if (operation.allowed) open()
  })

  if (!operation.allowed)
    return <DeniedButton needs={operation.needs} label={label} size={size} className={className} />

  async function press() {
    if (children) return open()
    setBusy(true)
    const previewed = await answerOf(client.preview({ operation: operation.id, input }), unreachable)
    setBusy(false)
    if (!previewed.ok || previewed.value.confirmation !== 'none') return open(previewed)
    await runAtOnce(previewed.value)
  }

  async function runAtOnce(preview: Preview) {
    setBusy(true)
    const request = { environment: client.environment, operation: operation.id, input, token: preview.token }
    const outcome = await answerOf(client.run(request), unanswered)
    setBusy(false)
    if (outcome.ok) reportRun(client, outcome.value)
    else reportRefusal(outcome.error)
  }

  return (
    <Button
      variant={variant}
      size={size}
      lines="wrap"
      className={className}
      aria-disabled={busy || undefined}
      aria-haspopup={children ? 'dialog' : undefined}
      onClick={busy ? undefined : press}
      onPointerEnter={loadDialog}
      onFocus={loadDialog}
    >
      {label}
    </Button>
  )
}
