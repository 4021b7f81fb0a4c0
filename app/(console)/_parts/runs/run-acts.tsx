'use client'

import { useState } from 'react'
import { useCatalogue } from '@/app/(console)/_frame/catalogue'
import { answerOf, isUnderWay, unanswered } from '@/components/operation/answer'
import { DeniedButton } from '@/components/operation/denied-button'
import { useOperations } from '@/components/operation/operations-client'
import { reportRefusal, reportRun } from '@/components/operation/run-report'
import { UndoButton } from '@/components/operation/undo-button'
import { useNow } from '@/components/status/ticker'
import { Button } from '@/components/ui/button'
import { notify } from '@/components/ui/toast'
import type { Run } from '@/lib/console/platform/operation/wire'

/** Asks a run to stop at its next step. */
export function AbortButton({ run, allowed }: { run: Run; allowed: boolean }) {
  const client = useOperations()
  const [busy, setBusy] = useState(false)
  if (!run.abortable || !isUnderWay(run.status)) return null
  const label = (
    <span>
      Abort<span className="sr-only"> {run.title}</span>
    </span>
  )
  if (!allowed) return <DeniedButton needs="operator" label={label} size="sm" />
  async function abort() {
    setBusy(true)
    const outcome = await answerOf(client.abort(run.id), unanswered)
    setBusy(false)
    if (outcome.ok) notify(`Asked “${run.title}” to stop`)
    else reportRefusal(outcome.error)
  }
  return (
    <Button size="sm" variant="danger" disabled={busy || run.abortRequestedBy !== undefined} onClick={abort}>
      {run.abortRequestedBy ? 'Stopping' : label}
    </Button>
  )
}

/** Takes a run back, while its window lasts. */
export function UndoAct({ run, size }: { run: Run; size?: 'sm' }) {
  const client = useOperations()
  const operation = useCatalogue().find(({ id }) => id === run.operation)
  const [busy, setBusy] = useState(false)
  const now = useNow()
  if (operation && !operation.allowed) {
    const open = run.undo && run.undo.run === undefined && now !== undefined && run.undo.until > now
    return open ? <DeniedButton needs={operation.needs} label="Undo" size={size} /> : null
  }
  async function undo() {
    setBusy(true)
    const outcome = await answerOf(client.undo(run.id), unanswered)
    setBusy(false)
    if (outcome.ok) reportRun(client, outcome.value)
    else reportRefusal(outcome.error)
  }
  return <UndoButton run={run} busy={busy} onUndo={undo} size={size} />
}
