import { useOperation } from '@/app/(console)/_frame/catalogue'
import type { Which } from '@/app/(console)/_parts/dead-letters/which'
import { OperationButton } from '@/components/operation/operation-button'

interface DiscardInput {
  which: Which
  reason: string
}

/** Discards dead letters, with a window for undo. */
export function DiscardAct({ which, subject }: { which: Which; subject: string }) {
  const operation = useOperation('dead-letters.discard')
  return (
    <OperationButton<DiscardInput>
      operation={operation}
      input={{ which, reason: '' }}
      label="Discard…"
      subject={subject}
      variant="danger"
    />
  )
}
