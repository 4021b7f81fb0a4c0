'use client'

import { useOperation } from '@/app/(console)/_frame/catalogue'
import { OperationButton } from '@/components/operation/operation-button'
import type { QueueRow } from '@/lib/console/areas/queues/views/queues'
import { JobsForm, type JobsInput } from './jobs-form'

interface QueueActsProps {
  row: QueueRow
  /** The jobs on the screen are delayed ones: then it is about them, and else about dead letters. */
  delayed: boolean
}

/** What can be done about a whole queue. */
export function QueueActs({ row, delayed }: QueueActsProps) {
  const pause = useOperation('queue.pause')
  const resume = useOperation('queue.resume')
  const replay = useOperation('queue.replay')
  const promote = useOperation('queue.promote')
  const remove = useOperation('queue.remove')
  if (row.readOnlyBecause) return <span className="text-sm text-muted">It can only be looked at.</span>
  const target = { server: row.server, queue: row.key }
  const dead = delayed ? 0 : (row.counts.failed ?? 0)
  const resumable = row.paused || row.inPausedList > 0
  const all: JobsInput = { ...target, which: { by: 'all' } }
  return (
    <>
      {dead > 0 ? (
        <OperationButton<JobsInput>
          operation={replay}
          input={all}
          label="Replay dead letters…"
          subject={row.name}
          variant="primary"
        >
          {form => <JobsForm form={form} reason="optional" byError />}
        </OperationButton>
      ) : null}
      {delayed && row.counts.delayed ? (
        <OperationButton<JobsInput>
          operation={promote}
          input={all}
          label="Promote delayed jobs…"
          subject={row.name}
          variant="primary"
        >
          {form => <JobsForm form={form} reason="optional" />}
        </OperationButton>
      ) : null}
      {row.paused ? null : <OperationButton operation={pause} input={target} label="Pause" subject={row.name} />}
      {resumable ? <OperationButton operation={resume} input={target} label="Resume" subject={row.name} /> : null}
      {dead > 0 ? (
        <OperationButton<JobsInput>
          operation={remove}
          input={{ ...all, reason: '' }}
          label="Remove dead letters…"
          subject={row.name}
          variant="danger"
        >
          {form => <JobsForm form={form} reason="required" byError />}
        </OperationButton>
      ) : null}
      {pause.allowed ? null : <span className="text-sm text-muted">needs the {pause.needs} role</span>}
    </>
  )
}
