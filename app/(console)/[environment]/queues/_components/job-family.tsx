import { useOperation } from '@/app/(console)/_frame/catalogue'
import { ShallowLinks } from '@/app/(console)/_parts/filters/shallow'
import { queueTitle } from '@/app/(console)/_parts/queues/queue-title'
import { Section } from '@/app/(console)/_parts/sheets/section'
import { OperationButton } from '@/components/operation/operation-button'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { type Status, StatusMark } from '@/components/status/status-mark'
import { AppLink } from '@/components/ui/app-link'
import type { JobView } from '@/lib/console/areas/queues/views/job'
import { formatExact } from '@/lib/core/number-format'
import type { SheetUrl } from './queue-sheet'

type Children = NonNullable<JobView['children']>
type Child = Children['jobs'][number]

/** The job that has these children. */
interface WaitingJob {
  server: string
  queue: string
  job: string
}

/** Leads to a job in whatever queue of the same server. */
export const jobHref = (url: SheetUrl, { queue, id }: { queue: string; id: string }) =>
  url.href({ queue, job: id, jobs: undefined, jq: undefined, page: undefined, look: undefined, whole: undefined })

/** The jobs that a job waits for or has waited for, by what they are to it; what blocks it comes first. */
export function JobFamily({ family, url, of }: { family: Children; url: SheetUrl; of: WaitingJob }) {
  const { pending, done, failed, jobs } = family
  const total = pending + done + failed
  const counts = [
    `${formatExact(pending)} waited for`,
    `${formatExact(done)} done`,
    ...(failed > 0 ? [`${formatExact(failed)} failed`] : []),
  ]
  return (
    <Section title="Children" note={counts.join(', ')}>
      <ShallowLinks>
        {[...Map.groupBy(jobs, groupOf)].map(([group, members]) => (
          <div key={group} className="px-4 py-1">
            <p className="flex items-center gap-1.5 text-sm text-muted">
              <StatusMark status={GROUPS[group].status} className="size-2.5" />
              {GROUPS[group].words}
            </p>
            <ul className="grid">
              {members.map(child => (
                <ChildLine key={child.key} child={child} url={url} of={STUCK.has(group) ? of : undefined} />
              ))}
            </ul>
          </div>
        ))}
      </ShallowLinks>
      {jobs.length < total ? (
        <p className="px-4 py-1 text-sm text-muted">
          {formatExact(jobs.length)} of {formatExact(total)} are named.
        </p>
      ) : null}
    </Section>
  )
}

function ChildLine({ child, url, of }: { child: Child; url: SheetUrl; of: WaitingJob | undefined }) {
  const release = useOperation('queue.release-parent')
  const { key, queue, id, name, error } = child
  const about = error?.text?.split('\n')[0]
  return (
    <li className="relative flex min-h-7 min-w-0 flex-wrap items-center gap-x-2 py-0.5 text-md touch:min-h-11">
      {queue !== undefined && id !== undefined ? (
        <AppLink
          href={jobHref(url, { queue, id })}
          scroll={false}
          className="flex min-w-0 items-baseline gap-2 text-accent after:absolute after:inset-0"
        >
          <span className="shrink-0">{name || 'a job'}</span>
          <MiddleTruncate text={id} mono />
        </AppLink>
      ) : (
        <MiddleTruncate text={key} mono />
      )}
      {queue === undefined ? null : <span className="text-sm text-muted">in {queueTitle(queue)}</span>}
      {about ? (
        <span className="min-w-0 truncate text-sm text-bad" title={error?.text}>
          {about}
        </span>
      ) : null}
      {of ? (
        <span className="relative z-1 ml-auto">
          <OperationButton
            operation={release}
            input={{ ...of, child: key }}
            label="Continue without it"
            subject={key}
            size="sm"
          />
        </span>
      ) : null}
    </li>
  )
}

/** Groups that keep the parent waiting until an operator acts. */
const STUCK: ReadonlySet<Group> = new Set(['dead', 'gone', 'lost'])

type Group = 'dead' | 'gone' | 'lost' | 'active' | 'waiting' | 'delayed' | 'children' | 'over' | 'failed' | 'done'

const GROUPS: Record<Group, { status: Status; words: string }> = {
  dead: { status: 'bad', words: 'Dead letters: this job waits until they are replayed and done' },
  gone: { status: 'bad', words: 'Removed: this job waits for them for ever' },
  lost: { status: 'unknown', words: 'In no list of their queue' },
  active: { status: 'good', words: 'Active' },
  waiting: { status: 'good', words: 'Waiting' },
  delayed: { status: 'good', words: 'Delayed' },
  children: { status: 'good', words: 'Waiting for children of their own' },
  over: { status: 'good', words: 'Completed, not yet noted' },
  failed: { status: 'warning', words: 'Failed, and not waited for' },
  done: { status: 'good', words: 'Done' },
}

function groupOf({ outcome, state, exists }: Child): Group {
  if (outcome !== 'pending') return outcome
  switch (state) {
    case undefined:
      return exists ? 'lost' : 'gone'
    case 'failed':
      return 'dead'
    case 'waiting-children':
      return 'children'
    case 'completed':
      return 'over'
    case 'prioritized':
      return 'waiting'
    default:
      return state
  }
}
