import { useOperation } from '@/app/(console)/_frame/catalogue'
import { ReplayAct } from '@/app/(console)/_parts/dead-letters/replay-act'
import { OperationButton } from '@/components/operation/operation-button'
import { ReasonField } from '@/components/operation/reason-field'
import type { FoundJob } from '@/lib/console/areas/queues/job-search/events'
import { formatExact } from '@/lib/core/number-format'
import { MarkedBar } from '../../_components/chosen-acts'

interface FoundInput {
  jobs: { server: string; queue: string; ids: string[] }[]
  reason?: string
}

/** One act over what is marked, of whatever queues: each moves on those in its state. */
export function FoundActs({ marked }: { marked: readonly FoundJob[] }) {
  if (marked.length === 0) return null
  const inState = (state: FoundJob['state']) => marked.filter(job => job.state === state)
  const [failed, delayed, active] = [inState('failed'), inState('delayed'), inState('active')]
  const queues = byQueue(marked).length
  const subject = `${counted(marked.length, 'job')} of ${counted(queues, 'queue')}`
  return (
    <MarkedBar words={`${subject} marked`} className="top-0 mb-3 rounded-lg border">
      {failed.length > 0 ? (
        <ReplayAct
          which={{ by: 'found', jobs: byQueue(failed) }}
          subject={subject}
          label={`Replay ${counted(failed.length, 'dead letter')}…`}
          size="sm"
        />
      ) : null}
      <FoundAct id="queue.promote-found" verb="Promote" jobs={delayed} subject={subject} />
      <FoundAct id="queue.release-found" verb="Release" jobs={active} subject={subject} />
      <FoundAct id="queue.remove-found" verb="Remove" jobs={marked} subject={subject} />
    </MarkedBar>
  )
}

interface FoundActProps {
  id: 'queue.promote-found' | 'queue.release-found' | 'queue.remove-found'
  verb: string
  jobs: readonly FoundJob[]
  subject: string
}

function FoundAct({ id, verb, jobs, subject }: FoundActProps) {
  const operation = useOperation(id)
  if (jobs.length === 0) return null
  const isRemoval = id === 'queue.remove-found'
  return (
    <OperationButton<FoundInput>
      operation={operation}
      input={{ jobs: byQueue(jobs), ...(isRemoval ? { reason: '' } : {}) }}
      label={`${verb} ${formatExact(jobs.length)}…`}
      subject={subject}
      size="sm"
      variant={isRemoval ? 'danger' : undefined}
    >
      {({ value, change, errors }) => (
        <ReasonField
          required={isRemoval}
          value={value.reason ?? ''}
          error={errors.reason}
          onChange={reason => change({ reason: reason === '' && !isRemoval ? undefined : reason })}
        />
      )}
    </OperationButton>
  )
}

function byQueue(jobs: readonly FoundJob[]): FoundInput['jobs'] {
  return [...Map.groupBy(jobs, ({ server, queue }) => `${server} ${queue}`).values()].flatMap(found => {
    const [first] = found
    return first ? [{ server: first.server, queue: first.queue, ids: found.map(({ id }) => id) }] : []
  })
}

const counted = (count: number, one: string) => `${formatExact(count)} ${one}${count === 1 ? '' : 's'}`
