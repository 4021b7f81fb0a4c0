'use client'

import { isUnderWay } from '@/components/operation/answer'
import { RefusalCallout } from '@/components/operation/refusal-callout'
import { RunLedger } from '@/components/operation/run-ledger'
import { RunSummary } from '@/components/operation/run-summary'
import { UndoButton } from '@/components/operation/undo-button'
import { Button } from '@/components/ui/button'
import { DialogBody, DialogFooter } from '@/components/ui/dialog-layout'
import type { Refusal, Run } from '@/lib/console/platform/operation/wire'

interface RunStepProps {
  run: Run
  noun: string | undefined
  problem: Refusal | undefined
  asking: 'abort' | 'undo' | undefined
  onAbort: () => void
  onUndo: () => void
  onClose: () => void
}

/** The act under way, then what became of it. Closing it stops nothing. */
export function RunStep({ run, noun, problem, asking, onAbort, onUndo, onClose }: RunStepProps) {
  const underWay = isUnderWay(run.status)
  return (
    <>
      <DialogBody className="grid content-start gap-4">
        {problem ? <RefusalCallout refusal={problem} /> : null}
        <RunSummary run={run} />
        <RunLedger items={run.items} noun={noun} />
        {underWay ? <p className="text-sm text-muted">It continues when you close this. Running shows it.</p> : null}
      </DialogBody>
      <DialogFooter>
        {underWay && run.abortable ? (
          <Button
            variant="danger"
            disabled={asking === 'abort' || run.abortRequestedBy !== undefined}
            onClick={onAbort}
          >
            {run.abortRequestedBy ? 'Stopping' : 'Abort'}
          </Button>
        ) : null}
        <UndoButton run={run} busy={asking === 'undo'} onUndo={onUndo} />
        <Button onClick={onClose}>Close</Button>
      </DialogFooter>
    </>
  )
}
