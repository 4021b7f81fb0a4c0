import { RunbookLink } from '@/app/(console)/_parts/ownership/owner-and-runbook'
import { Countdown } from '@/components/status/countdown'
import { type Fact, KeyValue } from '@/components/status/key-value'
import { RelativeTime } from '@/components/status/relative-time'
import type { ScheduleRow } from '@/lib/console/areas/schedules/row'
import type { ScheduleData } from '@/lib/console/areas/schedules/views/schedule'
import { formatExact } from '@/lib/core/number-format'
import { formatDuration } from '@/lib/core/time-format'

interface ScheduleFactsProps {
  row: ScheduleRow
  next: ScheduleData['next']
  clockChanges: ScheduleData['clockChanges']
}

export function ScheduleFacts({ row, next, clockChanges }: ScheduleFactsProps) {
  const facts: Fact[] = [
    { label: 'When', value: <When row={row} /> },
    { label: 'Next runs', value: <Times at={next} /> },
  ]
  const { description, paused, rules, owner, runbook, library, shared } = row
  if (description) facts.unshift({ label: 'Does', value: description })
  if (paused)
    facts.unshift({
      label: 'Paused',
      value: (
        <>
          {paused.until === undefined ? (
            'until it is resumed'
          ) : (
            <>
              for <Countdown until={paused.until} done="a moment" className="font-medium" />
            </>
          )}
          {paused.by ? <p className="break-words">by {paused.by}</p> : null}
          {paused.reason ? <p className="break-words text-muted">{paused.reason}</p> : null}
        </>
      ),
    })
  if (row.changed) facts.splice(facts.length - 1, 0, { label: 'Changed', value: <Changed changed={row.changed} /> })
  if (clockChanges.length > 0) facts.push({ label: 'Clock changes', value: <Changes changes={clockChanges} /> })
  if (rules && library === 'Substation') facts.push(...ruleFacts(rules))
  if (library === 'Substation')
    facts.push({ label: 'Runs in', value: shared ? 'one of its processes' : 'each of its processes' })
  if (library !== 'BullMQ')
    facts.push(
      { label: 'Owner', value: owner ?? <span className="text-muted">not registered</span> },
      {
        label: 'Runbook',
        value: runbook ? <RunbookLink runbook={runbook} /> : <span className="text-muted">not registered</span>,
      },
    )
  return <KeyValue facts={facts} className="px-4 py-3.5" />
}

type Timing = Pick<ScheduleRow, 'words' | 'cron' | 'timeZone' | 'everyMs' | 'at'>

function When({ row: { words, cron, timeZone, everyMs, at } }: { row: Timing }) {
  return (
    <>
      {words ?? (cron ? null : 'not known')}
      {at === undefined ? null : (
        <>
          {' '}
          <RelativeTime at={at} as="clock" />
        </>
      )}
      {cron ? (
        <p>
          <code className="break-all">{cron}</code> <span className="text-muted">in {timeZone ?? 'UTC'}</span>
        </p>
      ) : everyMs && !words ? (
        formatDuration(everyMs)
      ) : null}
    </>
  )
}

function Changed({ changed: { since, by, reason, declared } }: { changed: NonNullable<ScheduleRow['changed']> }) {
  return (
    <>
      <RelativeTime at={since} />
      {by ? `, by ${by}` : null}
      {reason ? <p className="break-words text-muted">{reason}</p> : null}
      <div className="text-muted">
        Declared: <When row={declared} />
      </div>
    </>
  )
}

function Times({ at }: { at: readonly number[] }) {
  if (at.length === 0) return <span className="text-muted">not known, or none</span>
  return (
    <ol>
      {at.map((time, index) => (
        <li key={time} className="tabular-nums">
          <RelativeTime at={time} as="clock" />
          {index === 0 ? (
            <span className="text-muted">
              , <RelativeTime at={time} />
            </span>
          ) : null}
        </li>
      ))}
    </ol>
  )
}

/** What daylight saving does to it. */
function Changes({ changes }: { changes: ScheduleData['clockChanges'] }) {
  return (
    <ul>
      {changes.slice(0, 4).map(({ localTime, kind, runsAt: [first, second] }) => (
        <li key={localTime}>
          <span className="tabular-nums">{localTime}</span>{' '}
          <span className="text-muted">
            {kind === 'skipped' ? 'does not exist' : 'comes twice'};{' '}
            {first === undefined ? (
              'it does not run then'
            ) : (
              <>
                it runs {kind === 'repeated' ? (second === undefined ? 'once, ' : 'twice, first ') : ''}
                at <RelativeTime at={first} as="clock" />
              </>
            )}
          </span>
        </li>
      ))}
    </ul>
  )
}

function ruleFacts({ catchUp = 'once', overlap = 'skip', timeoutMs, jitterMs, retakes = 1 }: Rules): Fact[] {
  const missed =
    catchUp === 'skip'
      ? 'are not caught up'
      : catchUp === 'once'
        ? 'are caught up by one run'
        : `are caught up, the newest ${formatExact(catchUp.all)}`
  return [
    { label: 'Missed runs', value: missed },
    {
      label: 'While it runs',
      value: overlap === 'skip' ? 'a run that is due is skipped' : 'another run may begin',
    },
    { label: 'Timeout', value: timeoutMs === undefined ? 'none' : formatDuration(timeoutMs) },
    ...(jitterMs ? [{ label: 'Jitter', value: `up to ${formatDuration(jitterMs)}` }] : []),
    {
      label: 'After a crash',
      value: retakes === 0 ? 'it is not begun again' : `begun again, ${formatExact(retakes)}× at most`,
    },
  ]
}
type Rules = NonNullable<ScheduleRow['rules']>
