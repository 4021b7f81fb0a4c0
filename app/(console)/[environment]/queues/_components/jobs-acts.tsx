import { useOperation } from '@/app/(console)/_frame/catalogue'
import { OperationButton } from '@/components/operation/operation-button'
import type { ButtonProps } from '@/components/ui/button'
import type { JobState } from '@/lib/infrastructure/queue'
import { JobsForm, type JobsInput } from './jobs-form'

/** The act that moves jobs on from a state. */
const ONWARD = {
  failed: ['queue.replay', 'Replay'],
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
export function MoveOnAct({ at, ids, state, subject, size }: JobsActsProps) {
  const onward = state === undefined || !(state in ONWARD) ? undefined : ONWARD[state as keyof typeof ONWARD]
  const operation = useOperation(onward?.[0] ?? 'queue.replay')
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
