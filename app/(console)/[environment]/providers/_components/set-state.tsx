import { type Status, StatusMark } from '@/components/status/status-mark'
import type { ProviderSetState } from '@/lib/console/areas/providers/sets'

const SHOWN: Record<ProviderSetState, { status: Status; label: string }> = {
  down: { status: 'bad', label: 'None left' },
  secondary: { status: 'warning', label: 'On the secondary' },
  forced: { status: 'warning', label: 'Forced' },
  normal: { status: 'good', label: 'In order' },
  idle: { status: 'unknown', label: 'No call yet' },
}

export function SetState({ state }: { state: ProviderSetState }) {
  const { status, label } = SHOWN[state]
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <StatusMark status={status} className="size-2.5" />
      {label}
    </span>
  )
}
