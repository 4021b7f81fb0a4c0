'use client'

import { answerOf, isUnderWay, unanswered } from '@/components/operation/answer'
import type { OperationsClient } from '@/components/operation/operations-client'
import { consoleNow } from '@/components/status/ticker'
import { notify, notifyFailure } from '@/components/ui/toast'
import type { Refusal, Run } from '@/lib/console/platform/operation/wire'

/** Longer than this and a toast is in the way; Running and Audit offer the undo for the rest of its window. */
const LONGEST_TOAST_MS = 30_000

/** Follows a run that was started without a dialog, and says in a toast how it ended, with the way to take it back. */
export function reportRun(client: OperationsClient, started: Run) {
  if (!isUnderWay(started.status)) return say(client, started)
  const watching = new AbortController()
  const stop = client.watch(started.id, run => {
    if (isUnderWay(run.status) || watching.signal.aborted) return
    watching.abort()
    say(client, run)
  })
  // The first call may come before there is anything to stop.
  if (watching.signal.aborted) stop()
  else watching.signal.addEventListener('abort', stop, { once: true })
}

export function reportRefusal(refusal: Refusal) {
  notifyFailure(refusal.message, { description: refusal.nextStep ?? (refusal.errorId && `Error ${refusal.errorId}`) })
}

function say(client: OperationsClient, run: Run) {
  const words = run.summary ?? run.title
  if (run.status !== 'succeeded') return notifyFailure(words, { description: troubleOf(run) })
  const left = run.undo && run.undo.run === undefined ? run.undo.until - consoleNow() : 0
  if (left <= 0) return notify(words)
  notify(words, { action: { label: 'Undo', run: () => undo(client, run) }, forMs: Math.min(left, LONGEST_TOAST_MS) })
}

async function undo(client: OperationsClient, run: Run) {
  const outcome = await answerOf(client.undo(run.id), unanswered)
  if (outcome.ok) reportRun(client, outcome.value)
  else reportRefusal(outcome.error)
}

function troubleOf(run: Run): string | undefined {
  const { done = 0 } = run.items.byStatus
  if (run.items.total > 0) return `${done} of ${run.items.total} done. The ledger under Audit says which were not.`
  return run.errorId && `Error ${run.errorId}`
}
