import { isUnderWay } from '@/components/operation/answer'
import type { Run } from '@/lib/console/platform/operation/wire'
import { ReplayAct } from './replay-act'

/** Whether it is a replay, over by now, of which some failed again. */
export const hasFailedAgain = ({ operation, undoOf, status, items }: Run) =>
  operation === 'dead-letters.replay' && !undoOf && !isUnderWay(status) && Boolean(items.byStatus.failed)

/** After such a replay: those that failed again, once more. */
export function FailedAgainAct({ run }: { run: Run }) {
  if (!hasFailedAgain(run)) return null
  return (
    <ReplayAct
      which={{ by: 'failed-again', run: run.id }}
      subject={run.target.name}
      label="Replay those that failed again…"
    />
  )
}
