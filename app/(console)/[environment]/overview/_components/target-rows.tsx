import { RowSparkline } from '@/app/(console)/_parts/series/row-sparkline'
import { Sparklines } from '@/app/(console)/_parts/series/sparklines'
import { Duration } from '@/components/status/duration'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { Panel } from '@/components/status/panel'
import { type Status, StatusBadge } from '@/components/status/status-mark'
import { AppLink } from '@/components/ui/app-link'
import type { TargetSummary } from '@/lib/console/areas/overview/views/overview'
import type { SeriesKey } from '@/lib/console/platform/samples'
import { formatDuration } from '@/lib/core/time-format'

/** What the sampler keeps of it. */
const answerOf = ({ kind, name }: TargetSummary): SeriesKey => ({
  service: `${kind}:${name}`,
  series: 'server_answer_seconds',
})

interface TargetRowsProps {
  environment: string
  targets: readonly TargetSummary[]
}

/** The watched servers in a line each; all they say of themselves is on Health. */
export function TargetRows({ environment, targets }: TargetRowsProps) {
  return (
    <Sparklines environment={environment} keys={targets.map(answerOf)}>
      <Panel title="Watched servers">
        <ul className="text-md">
          {targets.map(target => (
            <li
              key={`${target.kind} ${target.name}`}
              className="relative grid min-h-(--row) grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 border-b border-line px-3.5 py-1.5 last:border-0 hover:bg-sunk wide:grid-cols-[minmax(0,1fr)_72px_150px] min-[1360px]:grid-cols-[minmax(0,1fr)_minmax(0,1.2fr)_110px_96px_72px_150px]"
            >
              <AppLink href={`/${environment}/health#servers`} className="min-w-0 after:absolute after:inset-0">
                <MiddleTruncate text={target.name} />
              </AppLink>
              <MiddleTruncate text={target.address} mono className="text-muted max-[1359px]:hidden" />
              <span className="text-muted max-[1359px]:hidden">
                {target.kind === 'redis' ? 'Redis' : 'Postgres'} {target.version}
              </span>
              <RowSparkline
                of={answerOf(target)}
                label="Answers in"
                format={seconds => formatDuration(seconds * 1_000)}
                className="max-[1359px]:hidden"
              />
              <Duration ms={target.latencyMs} className="text-right max-wide:hidden" />
              <span className="justify-self-end">
                <TargetState target={target} />
              </span>
            </li>
          ))}
        </ul>
      </Panel>
    </Sparklines>
  )
}

/** Still up; what may not be asked is missing where it would be shown. */
function notPermitted({ denied }: TargetSummary) {
  if (denied.length === 0) return undefined
  return `The account may not use ${denied.join(', ')}: what that would show is missing. Health says what to grant.`
}

function TargetState({ target }: { target: TargetSummary }) {
  const [status, words]: [Status, string] =
    target.status === 'down'
      ? ['bad', 'Down']
      : target.status === 'stale'
        ? ['unknown', 'Stale']
        : target.warnings > 0
          ? ['warning', target.warnings === 1 ? '1 warning' : `${target.warnings} warnings`]
          : ['good', target.denied.length > 0 ? `Up, ${target.denied.length} not permitted` : 'Up']
  return (
    <StatusBadge status={status} quiet={status === 'good'} title={target.reason ?? notPermitted(target)}>
      {words}
    </StatusBadge>
  )
}
