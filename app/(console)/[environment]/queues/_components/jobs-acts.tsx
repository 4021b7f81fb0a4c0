import { useOperation } from '@/app/(console)/_frame/catalogue'
import { ReplayAct } from '@/app/(console)/_parts/dead-letters/replay-act'
import { OperationButton } from '@/components/operation/operation-button'
import type { ButtonProps } from '@/components/ui/button'
import type { JobState } from '@/lib/infrastructure/queue'
import { JobsForm, type JobsInput } from './jobs-form'

/** The act that moves jobs on from a state; dead letters have one of their own. */
const ONWARD = {
  delayed: ['queue.promote', 'Promote'],
  active: ['queue.release', 'Release'],
} as const

interface JobsActsProps {
  at: { server: string; queue: string }
  ids: string[]
  /** The state that all of them are in; of active ones they have lost their worker. */
  state: JobState | undefined
  /** Who is acted on, for the dialog's header. */
  subject: string
  size?: ButtonProps['size']
}

/** Moves jobs on from the state they are in. */
export function MoveOnAct(props: JobsActsProps) {
  if (props.state === 'failed') return <ReplayChosen {...props} />
  return <OnwardAct {...props} />
}

/** One runs at once; several begin with a canary unless the operator says otherwise. Both can be undone for a while. */
function ReplayChosen({ at, ids, subject, size }: JobsActsProps) {
  const operation = useOperation('dead-letters.replay')
  const which = { by: 'ids', ...at, ids } as const
  const variant = size === 'sm' ? undefined : 'primary'
  if (ids.length > 1) return <ReplayAct which={which} subject={subject} label="Replay" size={size} variant={variant} />
  return (
    <OperationButton
      operation={operation}
      input={{ which }}
      label="Replay"
      subject={subject}
      size={size}
      variant={variant}
    />
  )
}

function OnwardAct({ at, ids, state, subject, size }: JobsActsProps) {
  const onward = state === undefined || !(state in ONWARD) ? undefined : ONWARD[state as keyof typeof ONWARD]
  const operation = useOperation(onward?.[0] ?? 'queue.promote')
  return onward ? (
    <OperationButton
      operation={operation}
      input={{ ...at, which: { by: 'ids', ids } }}
      label={onward[1]}
      subject={subject}
      size={size}
      variant={size === 'sm' || state === 'delayed' ? undefined : 'primary'}
    />
  ) : null
}

/** Removes jobs, whatever their state. */
export function RemoveAct({ at, ids, subject, size }: Omit<JobsActsProps, 'state'>) {
  const remove = useOperation('queue.remove')
  return (
    <OperationButton<JobsInput>
      operation={remove}
      input={{ ...at, which: { by: 'ids', ids }, reason: '' }}
      label="Remove…"
      subject={subject}
      size={size}
      variant="danger"
    >
      {form => <JobsForm form={form} reason="required" />}
    </OperationButton>
  )
}
