import { type Status, StatusBadge } from '@/components/status/status-mark'
import type { ProcessState } from '@/lib/console/fleet/port'

export const PROCESS_STATES: readonly ProcessState[] = ['up', 'late', 'lost', 'left', 'replaced']

export const processStatus: Record<ProcessState, Status> = {
  up: 'good',
  late: 'warning',
  lost: 'bad',
  left: 'unknown',
  replaced: 'unknown',
}

const words: Record<ProcessState, { word: string; meaning: string }> = {
  up: { word: 'Up', meaning: 'Its beats arrive.' },
  late: { word: 'Late', meaning: 'Three heartbeats missed: overloaded, paused or disconnected.' },
  lost: {
    word: 'Lost',
    meaning: 'It stopped reporting without saying that it stops: it crashed, was killed, or is cut off.',
  },
  left: { word: 'Stopped', meaning: 'It said that it stops.' },
  replaced: { word: 'Replaced', meaning: 'It is gone, and another process fills its place.' },
}

export function processWord(state: ProcessState): string {
  return words[state].word
}

/** What a process is, with what the word means in its title. A badge only where something is off. */
export function ProcessStateBadge({ state, quiet = state !== 'late' && state !== 'lost' }: ProcessStateBadgeProps) {
  return (
    <StatusBadge status={processStatus[state]} quiet={quiet} title={words[state].meaning}>
      {words[state].word}
    </StatusBadge>
  )
}

interface ProcessStateBadgeProps {
  state: ProcessState
  quiet?: boolean
}
