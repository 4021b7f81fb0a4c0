import { HealthBadge } from '@/app/(console)/_parts/health/health-state'
import { Duration } from '@/components/status/duration'
import { Panel } from '@/components/status/panel'
import { RelativeTime } from '@/components/status/relative-time'
import type { OwnComponent } from '@/lib/console/areas/health/own'

/** The console itself: what each of its parts says, and what is lost while it is down. */
export function OwnParts({ parts }: { parts: readonly OwnComponent[] }) {
  return (
    <Panel id="console" title="This console" note="its own parts">
      <ul>
        {parts.map(part => (
          <OwnPart key={part.id} part={part} />
        ))}
      </ul>
    </Panel>
  )
}

function OwnPart({ part }: { part: OwnComponent }) {
  const { name, status, latencyMs, message, since, nextStep, effect } = part
  const off = status === 'down' || status === 'degraded'
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_96px] items-center gap-x-3 border-b border-line px-3.5 py-1.5 text-md last:border-0 desk:min-h-(--row) desk:grid-cols-[190px_96px_minmax(0,1fr)_72px]">
      <span className="min-w-0 break-words">{name}</span>
      <span className="max-desk:justify-self-end">
        <HealthBadge status={status} />
      </span>
      <span className="min-w-0 max-desk:col-span-full max-desk:mt-0.5">
        <span className={off ? 'font-medium' : undefined}>
          {message}
          {off && since !== undefined ? (
            <>
              , since <RelativeTime at={since} as="clock" /> (<RelativeTime at={since} />)
            </>
          ) : null}
        </span>
        <span className="block text-sm text-muted">
          {off && nextStep ? `${nextStep} ` : null}
          {effect}
        </span>
      </span>
      <span className="text-right text-muted max-desk:hidden">
        {latencyMs === undefined ? null : <Duration ms={latencyMs} />}
      </span>
    </li>
  )
}
