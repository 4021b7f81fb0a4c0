'use client'

import { useOperation } from '@/app/(console)/_frame/catalogue'
import { ReplayAct } from '@/app/(console)/_parts/dead-letters/replay-act'
import { OperationButton } from '@/components/operation/operation-button'
import type { JobTypeRow } from '@/lib/console/areas/queues/job-types'
import type { QueueRow } from '@/lib/console/areas/queues/views/queues'
import type { QueueLimits } from '@/lib/infrastructure/queue'
import { JobsForm, type JobsInput } from './jobs-form'
import { MajorForm, type MajorInput } from './major-form'
import { QueueMenu } from './queue-menu'

interface QueueActsProps {
  jobTypes: readonly JobTypeRow[]
  row: QueueRow
  limits: QueueLimits
  /** The state of the jobs on the screen: of delayed ones it is about those, and else about dead letters. */
  listed: string | undefined
  /** The filter of the list on the screen. */
  q: string | undefined
}

/** Where a queue leaves open which BullMQ works on it. */
function SetMajor({ row, majors }: { row: QueueRow; majors: readonly MajorInput['major'][] }) {
  const operation = useOperation('queue.set-major')
  const [first = 6] = majors
  return (
    <OperationButton<MajorInput>
      operation={operation}
      input={{ server: row.server, queue: row.key, major: row.major ?? first, reason: '' }}
      label="Set BullMQ version…"
      subject={row.title}
      variant={row.major ? undefined : 'primary'}
    >
      {form => <MajorForm form={form} majors={majors} />}
    </OperationButton>
  )
}

/** What can be done about a whole queue. */
export function QueueActs({ row, limits, jobTypes, listed, q }: QueueActsProps) {
  const delayed = listed === 'delayed'
  const pause = useOperation('queue.pause')
  const resume = useOperation('queue.resume')
  const replay = useOperation('queue.replay')
  const promote = useOperation('queue.promote')
  const release = useOperation('queue.release')
  const remove = useOperation('queue.remove')
  const target = { server: row.server, queue: row.key }
  const say = row.settable ? <SetMajor row={row} majors={row.settable} /> : null
  const dead = delayed ? 0 : (row.counts.failed ?? 0)
  const resumable = row.paused || row.inPausedList > 0
  // What is filtered on the screen is what is meant; a list of another state says nothing of dead letters.
  const meant = q !== undefined && (delayed || listed === undefined)
  const all: JobsInput = { ...target, which: { by: 'all', ...(meant ? { q } : {}) } }
  const removal =
    dead > 0 ? (
      <OperationButton<JobsInput>
        operation={remove}
        input={{ ...all, reason: '' }}
        label="Remove dead letters…"
        subject={row.title}
        variant="danger"
      >
        {form => <JobsForm form={form} reason="required" />}
      </OperationButton>
    ) : null
  if (row.readOnlyBecause && !say) return <span className="text-sm text-muted">It is read-only here.</span>
  if (row.readOnlyBecause)
    return (
      <>
        {say}
        {removal}
      </>
    )
  return (
    <>
      {dead > 0 ? (
        <OperationButton<JobsInput>
          operation={replay}
          input={all}
          label="Replay dead letters…"
          subject={row.title}
          variant={row.orphans ? undefined : 'primary'}
        >
          {form => <JobsForm form={form} reason="optional" />}
        </OperationButton>
      ) : null}
      {dead > 0 && q === undefined ? (
        <ReplayAct which={{ by: 'all', ...target }} subject={row.title} label="Replay with a canary…" />
      ) : null}
      {delayed && row.counts.delayed ? (
        <OperationButton<JobsInput>
          operation={promote}
          input={all}
          label="Promote delayed jobs…"
          subject={row.title}
          variant="primary"
        >
          {form => <JobsForm form={form} reason="optional" />}
        </OperationButton>
      ) : null}
      {row.orphans ? (
        <OperationButton<JobsInput>
          operation={release}
          input={{ ...target, which: { by: 'all' } }}
          label="Release jobs…"
          subject={row.title}
          variant="primary"
        >
          {form => <JobsForm form={form} reason="optional" />}
        </OperationButton>
      ) : null}
      {row.paused ? null : <OperationButton operation={pause} input={target} label="Pause" subject={row.title} />}
      {resumable ? <OperationButton operation={resume} input={target} label="Resume" subject={row.title} /> : null}
      {removal}
      {say}
      <QueueMenu row={row} limits={limits} jobTypes={jobTypes} />
      {pause.allowed ? null : <span className="text-sm text-muted">needs the {pause.needs} role</span>}
    </>
  )
}
