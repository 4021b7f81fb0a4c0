import { Duration } from '@/components/status/duration'
import { RelativeTime } from '@/components/status/relative-time'
import type { TrailLine } from '@/lib/console/areas/running/views/run'
import { AuditMark } from './audit-mark'

/** Every line the audit has about one act, in the order it happened. */
export function RunTrail({ lines }: { lines: readonly TrailLine[] }) {
  return (
    <ol className="grid grid-cols-[minmax(60px,max-content)_minmax(0,1fr)] gap-x-2 divide-y divide-line rounded-lg border border-line text-md">
      {lines.map(line => (
        <li key={line.id} className="col-span-2 grid grid-cols-subgrid px-3 py-2">
          <RelativeTime at={line.at} as="clock" className="text-sm leading-5 whitespace-nowrap text-faint" />
          <div className="grid gap-0.5">
            <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
              <AuditMark kind={line.kind} outcome={line.outcome} />
              <span>
                {line.actor.name} <span className="text-muted">({line.actor.role})</span>
              </span>
              {line.durationMs === undefined ? null : (
                <span className="text-muted">
                  after <Duration ms={line.durationMs} />
                </span>
              )}
            </p>
            {line.message ? <p className="break-words text-muted">{line.message}</p> : null}
          </div>
        </li>
      ))}
    </ol>
  )
}
