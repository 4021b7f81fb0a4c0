'use client'

import { Pause, Play } from 'lucide-react'
import type { Freshness } from '@/components/shell/shell-props'
import { RelativeTime } from '@/components/status/relative-time'
import { StatusMark } from '@/components/status/status-mark'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'

const words = { live: 'Live', paused: 'Paused', stale: 'Stale', disconnected: 'Disconnected' }

const looks = {
  live: 'border-line bg-panel text-muted',
  paused: 'border-line-strong bg-panel text-ink',
  stale: 'border-line bg-unknown-soft text-unknown',
  disconnected: 'border-bad/50 bg-bad-soft text-bad',
}

interface FreshnessMarkProps {
  freshness: Freshness
  onPauseChange: (paused: boolean) => void
}

/** Whether what is on the screen is current, and the button that pauses it. */
export function FreshnessMark({ freshness, onPauseChange }: FreshnessMarkProps) {
  const { state } = freshness
  const paused = state === 'paused'
  const reason = state === 'stale' || state === 'disconnected' ? freshness.reason : undefined
  return (
    <div className={cn('flex h-(--control) items-center rounded-md border text-sm', looks[state])}>
      <span className="flex items-center gap-1.5 pl-2.5" title={reason}>
        {state === 'live' ? <StatusMark status="good" className="size-2.5" /> : null}
        {state === 'stale' ? <StatusMark status="unknown" /> : null}
        {state === 'disconnected' ? <StatusMark status="bad" className="size-2.5" /> : null}
        {/* Only the word is announced: a clock that is read out each second drowns everything else. */}
        <span role="status" className="font-medium">
          {words[state]}
        </span>
        {state === 'live' ? null : <RelativeTime at={freshness.since} as="age" className="max-wide:hidden" />}
      </span>
      <Button
        variant="ghost"
        size="icon-sm"
        className="ml-0.5"
        aria-label={paused ? 'Resume live updates' : 'Pause live updates'}
        title={paused ? 'Resume live updates' : 'Pause live updates'}
        aria-pressed={paused}
        onClick={() => onPauseChange(!paused)}
      >
        {paused ? (
          <Play aria-hidden fill="currentColor" className="size-3!" />
        ) : (
          <Pause aria-hidden fill="currentColor" className="size-3!" />
        )}
      </Button>
    </div>
  )
}

/** Below the top bar while the page no longer hears from the fleet. */
export function StreamNotice({ freshness }: { freshness: Freshness }) {
  if (freshness.state !== 'disconnected' && freshness.state !== 'stale') return null
  const lost = freshness.state === 'disconnected'
  return (
    <aside
      aria-label="Live updates"
      className={cn(
        'border-b border-line px-5 py-1.5 text-md max-wide:px-3.5',
        lost ? 'bg-bad-soft' : 'bg-unknown-soft',
      )}
    >
      <strong className="font-semibold">
        {lost ? 'No live updates since ' : 'Updates are late since '}
        <RelativeTime at={freshness.since} as="clock" />.
      </strong>{' '}
      {freshness.reason ?? 'What you see is from then; it is read again as soon as the console answers.'}
    </aside>
  )
}
