'use client'

import { useOperation } from '@/app/(console)/_frame/catalogue'
import { OperationButton } from '@/components/operation/operation-button'
import type { QueueRow } from '@/lib/console/views/queues'
import { DeadLettersForm, type DeadLettersInput } from './dead-letters-form'

/** What can be done about a whole queue. */
export function QueueActs({ row }: { row: QueueRow }) {
  const pause = useOperation('queue.pause')
  const resume = useOperation('queue.resume')
  const replay = useOperation('queue.replay')
  const remove = useOperation('queue.remove')
  if (row.readOnlyBecause) return <span className="text-sm text-muted">It can only be looked at.</span>
  const target = { server: row.server, queue: row.key }
  const dead = row.counts.failed ?? 0
  const resumable = row.paused || row.inPausedList > 0
  const letters: DeadLettersInput = { ...target, which: { by: 'all' } }
  return (
    <>
      {dead > 0 ? (
        <OperationButton<DeadLettersInput>
          operation={replay}
          input={letters}
          label="Replay dead letters…"
          subject={row.name}
          variant="primary"
        >
          {form => <DeadLettersForm form={form} reason="optional" />}
        </OperationButton>
      ) : null}
      {row.paused ? null : <OperationButton operation={pause} input={target} label="Pause" subject={row.name} />}
      {resumable ? <OperationButton operation={resume} input={target} label="Resume" subject={row.name} /> : null}
      {dead > 0 ? (
        <OperationButton<DeadLettersInput>
          operation={remove}
          input={{ ...letters, reason: '' }}
          label="Remove dead letters…"
          subject={row.name}
          variant="danger"
        >
          {form => <DeadLettersForm form={form} reason="required" />}
        </OperationButton>
      ) : null}
      {pause.allowed ? null : <span className="text-sm text-muted">needs the {pause.needs} role</span>}
    </>
  )
}
