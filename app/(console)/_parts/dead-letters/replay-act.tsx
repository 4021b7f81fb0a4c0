import { useOperation } from '@/app/(console)/_frame/catalogue'
import { OperationButton } from '@/components/operation/operation-button'
import type { ButtonProps } from '@/components/ui/button'
import { ReplayForm, type ReplayInput } from './replay-form'
import type { Which } from './which'

/** How a replay begins unless the operator says otherwise: one job first. */
const CANARY = 1

interface ReplayActProps {
  which: Which
  /** What is replayed, for the dialog's header. */
  subject: string
  label?: string
  variant?: ButtonProps['variant']
  size?: ButtonProps['size']
}

/** Replays dead letters at a rate and with a canary. */
export function ReplayAct({ which, subject, label = 'Replay…', variant, size }: ReplayActProps) {
  const operation = useOperation('dead-letters.replay')
  return (
    <OperationButton<ReplayInput>
      operation={operation}
      input={{ which, canary: CANARY }}
      label={label}
      subject={subject}
      variant={variant}
      size={size}
    >
      {form => <ReplayForm form={form} />}
    </OperationButton>
  )
}
