import { StatusMark } from '@/components/status/status-mark'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Progress } from '@/components/ui/progress'
import { formatExact } from '@/lib/core/number-format'
import type { JobSearchState } from './use-job-search'

interface SearchProgressProps {
  state: JobSearchState
  onStop: () => void
  onAgain: () => void
}

/** How far the search has come, what it found, and what it left out. */
export function SearchProgress({ state, onStop, onAgain }: SearchProgressProps) {
  const { status, jobs, unsearched, end } = state
  const running = status === 'running'
  return (
    <div className="mb-3 grid gap-2">
      <div className="flex min-h-(--control) flex-wrap items-center gap-x-3 gap-y-1.5 text-md tabular-nums">
        <p role="status" className="min-w-0 flex-1">
          <span className="font-medium">
            {jobs.length === 1 ? '1 job found' : `${formatExact(jobs.length)} jobs found`}
          </span>
          <span className="text-muted">, {examinedOf(state)}</span>
        </p>
        {running ? <Button onClick={onStop}>Stop</Button> : <Button onClick={onAgain}>Search again</Button>}
      </div>
      {running ? <Progress label="Jobs examined" value={state.total && state.examined} max={state.total} /> : null}
      {end?.because === 'enough' ? (
        <Notice title={`The first ${formatExact(jobs.length)} are listed`}>
          The search ended there. Add a condition, such as a queue or a state, to find the others.
        </Notice>
      ) : null}
      {end?.because === 'time' ? (
        <Notice title="The search ended after five minutes">
          Jobs remain that were not examined. Add a queue or a state to the query.
        </Notice>
      ) : null}
      {end && end.tooLarge > 0 ? (
        <Notice title={`${formatExact(end.tooLarge)} ${end.tooLarge === 1 ? 'job was' : 'jobs were'} not searched`}>
          Their data is too large to be searched; they may match.
        </Notice>
      ) : null}
      {unsearched.map(({ server, reason, nextStep }) => (
        <Notice key={server} title={`Not all jobs of ${server} were examined`}>
          {reason}. {nextStep}
        </Notice>
      ))}
    </div>
  )
}

function examinedOf({ status, examined, total }: JobSearchState): string {
  if (status === 'ended') return `${formatExact(examined)} examined`
  if (total === undefined) return status === 'running' ? 'counting jobs' : 'none examined'
  const part = `${formatExact(examined)} of ${formatExact(total)} examined`
  return status === 'stopped' ? `stopped after ${part}` : part
}

function Notice({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <Callout tone="warning" mark={<StatusMark status="warning" />} title={title}>
      <p>{children}</p>
    </Callout>
  )
}
