import { ContentBox } from '@/app/(console)/_parts/content/content-box'
import { ShallowLinks } from '@/app/(console)/_parts/filters/shallow'
import { queueTitle } from '@/app/(console)/_parts/queues/queue-title'
import { Section } from '@/app/(console)/_parts/sheets/section'
import { type Fact, KeyValue } from '@/components/status/key-value'
import { RelativeTime } from '@/components/status/relative-time'
import { StatusMark } from '@/components/status/status-mark'
import { AppLink } from '@/components/ui/app-link'
import { Callout } from '@/components/ui/callout'
import type { JobView } from '@/lib/console/areas/queues/views/job'
import { formatExact } from '@/lib/core/number-format'
import { formatWhole } from '@/lib/core/time-format'
import { JobFamily, jobHref } from './job-family'
import type { SheetUrl } from './queue-sheet'
import { TimelineSection } from './timeline-section'

interface JobFactsProps {
  job: JobView
  url: SheetUrl
  environment: string
  at: { server: string; queue: string }
  /** What sounds secret was hidden from this reader. */
  hidesSecrets: boolean
  /** Texts are shown as far as they are shown at all. */
  whole: boolean
  onWhole: () => void
}

/** Everything of a job: how far it came, what it carries, what went wrong, and what it said. */
export function JobFacts({ job, url, environment, at, hidesSecrets, whole, onWhole }: JobFactsProps) {
  const more = whole ? undefined : onWhole
  return (
    <>
      {job.orphaned ? (
        <Callout
          tone="bad"
          mark={<StatusMark status="bad" />}
          title="Active, but no worker holds its lock"
          className="m-4 mb-0"
        >
          <p>
            The worker that took it was killed, or is blocked for longer than its lock lasts. A connected worker takes
            it back within about a minute; without one it stays until it is released or removed.
          </p>
        </Callout>
      ) : null}
      {job.problems.length > 0 ? (
        <Callout
          tone="warning"
          mark={<StatusMark status="warning" />}
          title="It is not as BullMQ writes jobs"
          className="m-4 mb-0"
        >
          {job.problems.map(problem => (
            <p key={problem}>{problem}</p>
          ))}
        </Callout>
      ) : null}
      <KeyValue facts={factsOf(job, url)} className="px-4 py-3.5 tabular-nums" />
      {job.children ? <JobFamily family={job.children} url={url} of={{ ...at, job: job.id }} /> : null}
      <TimelineSection environment={environment} at={at} id={job.id} />
      {job.error ? (
        <Section title="Error">
          <ContentBox content={job.error} label="Error" onWhole={more} />
        </Section>
      ) : null}
      <Section title="Payload" note={hidesSecrets ? 'what sounds secret is hidden from your role' : undefined}>
        <ContentBox content={job.data} label="Payload" onWhole={more} />
      </Section>
      {job.result ? (
        <Section title="Result">
          <ContentBox content={job.result} label="Result" onWhole={more} />
        </Section>
      ) : null}
      {job.progress ? (
        <Section title="Progress">
          <ContentBox content={job.progress} label="Progress" onWhole={more} />
        </Section>
      ) : null}
      <Section title="Options">
        <ContentBox content={job.options} label="Options" onWhole={more} />
      </Section>
      {job.stacks && job.stacks.length > 0 ? (
        <Section
          title="Stacks"
          note={`of ${formatExact(job.stacks.length)} ${job.stacks.length === 1 ? 'attempt' : 'attempts'}, the latest first`}
        >
          {job.stacks.toReversed().map((stack, index, all) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: attempts carry no id; counted from the oldest, a new attempt moves no key.
            <details key={all.length - index} open={index === 0} className="px-4 py-1">
              <summary className="truncate text-md">{stack.split('\n')[0] || 'no message'}</summary>
              <pre className="mt-1 max-h-80 overflow-auto rounded-md bg-sunk p-2.5 font-mono text-sm whitespace-pre-wrap break-words">
                {stack}
              </pre>
            </details>
          ))}
        </Section>
      ) : null}
      {job.stacksRaw ? (
        <Section title="Stacks">
          <ContentBox content={job.stacksRaw} label="Stacks" onWhole={more} />
        </Section>
      ) : null}
      <Section
        title="Log"
        note={
          job.logs.total > job.logs.lines.length
            ? `the last ${formatExact(job.logs.lines.length)} of ${formatExact(job.logs.total)} lines`
            : undefined
        }
      >
        {job.logs.lines.length === 0 ? (
          <p className="px-4 py-1 text-md text-muted">Its worker wrote no log.</p>
        ) : (
          <ol className="px-4 font-mono text-sm">
            {job.logs.lines.map((line, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines of a log carry no id and may repeat.
              <li key={index} className="break-words whitespace-pre-wrap">
                {line.text ?? `${formatExact(line.bytes)} bytes that are no text`}
              </li>
            ))}
          </ol>
        )}
      </Section>
    </>
  )
}

function factsOf(job: JobView, url: SheetUrl): Fact[] {
  const time = (label: string, at: number | undefined): Fact[] =>
    at === undefined
      ? []
      : [
          {
            label,
            value: (
              <>
                <RelativeTime at={at} as="clock" /> <span className="text-muted">(</span>
                <RelativeTime at={at} className="text-muted" />
                <span className="text-muted">)</span>
              </>
            ),
          },
        ]
  return [
    {
      label: 'State',
      value: job.state ? stateWords(job) : <span className="text-muted">in no list of its queue</span>,
    },
    {
      label: 'Attempts',
      value: `${formatExact(job.attemptsMade)} of ${formatExact(Math.max(job.attempts, job.attemptsMade))}${job.stalled > 0 ? `, stalled ${formatExact(job.stalled)} times` : ''}`,
    },
    ...time('Added', job.addedAt),
    ...time('Due', job.dueAt),
    ...time('Last try began', job.processedAt),
    ...time(job.state === 'failed' ? 'Failed' : 'Completed', job.finishedAt),
    ...(job.priority > 0 ? [{ label: 'Priority', value: formatExact(job.priority) }] : []),
    ...(job.delayMs > 0 ? [{ label: 'Delay', value: formatWhole(job.delayMs) }] : []),
    ...(job.lifo ? [{ label: 'Order', value: 'last in, first out' }] : []),
    ...(job.processedBy ? [{ label: 'Worker', value: job.processedBy }] : []),
    ...(job.scheduler ? [{ label: 'Scheduler', value: <code className="break-all">{job.scheduler}</code> }] : []),
    ...(job.parent ? [{ label: 'Waited for by', value: <Parent job={job} url={url} /> }] : []),
    ...(job.deduplication
      ? [{ label: 'Deduplication', value: <code className="break-all">{job.deduplication}</code> }]
      : []),
  ]
}

function Parent({ job: { parent, parentAt }, url }: { job: JobView; url: SheetUrl }) {
  if (parentAt?.queue === undefined || parentAt.id === undefined) return <code className="break-all">{parent}</code>
  const { queue, id } = parentAt
  return (
    <ShallowLinks>
      <AppLink href={jobHref(url, { queue, id })} scroll={false} className="break-all text-accent">
        <code>{id}</code>
      </AppLink>{' '}
      <span className="text-muted">in {queueTitle(queue)}</span>
    </ShallowLinks>
  )
}

function stateWords({ state, lockedForMs }: JobView): string {
  if (state === 'failed') return 'dead letter: failed for good'
  if (state === 'active' && lockedForMs !== undefined)
    return `active, held by its worker for ${formatWhole(lockedForMs)}`
  return String(state).replace('-', ' for ')
}
