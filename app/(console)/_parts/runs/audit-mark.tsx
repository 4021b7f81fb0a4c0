import { RunStatusBadge } from '@/components/operation/run-status'
import { StatusBadge } from '@/components/status/status-mark'
import { Badge } from '@/components/ui/badge'
import type { RunStatus } from '@/lib/console/platform/operation/wire'

const OUTCOMES: readonly RunStatus[] = ['succeeded', 'partial', 'failed', 'aborted', 'unknown', 'undone']

/** Why an act was refused, in a word or two. */
const REFUSALS: Record<string, string> = {
  forbidden: 'role',
  not_found: 'not found',
  invalid: 'input',
  preview_required: 'no preview',
  preview_expired: 'preview expired',
  set_grew: 'set grew',
  confirmation: 'not confirmed',
  conflict: 'conflict',
  unavailable: 'unavailable',
}

interface AuditMarkProps {
  kind: string
  outcome?: string
}

/** The outcome that a line of the audit records. */
export function AuditMark({ kind, outcome }: AuditMarkProps) {
  const ended = OUTCOMES.find(status => status === outcome)
  if (kind === 'refused')
    return (
      <StatusBadge status="warning">
        Refused{outcome && REFUSALS[outcome] ? <span className="font-normal">: {REFUSALS[outcome]}</span> : null}
      </StatusBadge>
    )
  if (ended && kind !== 'started' && kind !== 'act') return <RunStatusBadge status={ended} quiet />
  if (kind === 'act') return <RunStatusBadge status={ended ?? 'running'} quiet />
  if (kind === 'started') return <span className="text-sm text-muted">Started</span>
  if (kind === 'undo') return <Badge tone="outline">Undone</Badge>
  return <Badge tone="outline">{outcome ? `${outcome[0]?.toUpperCase()}${outcome.slice(1)}` : 'Noted'}</Badge>
}
