import type { ListRows } from '@/app/(console)/_parts/list/list-table'
import type { DataColumn } from '@/components/data-table/data-column'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import type { SagaCounts } from '@/lib/console/areas/sagas/rows'
import type { SagasData } from '@/lib/console/areas/sagas/views/sagas'
import { formatExact } from '@/lib/core/number-format'
import { SagaBadge } from './saga-state'

type Row = SagasData['rows'][number]

const name: DataColumn<Row> = {
  id: 'name',
  header: 'Saga',
  sortable: true,
  cell: row => (
    <span className="flex min-w-0 items-center gap-2">
      <MiddleTruncate text={row.name} className="font-medium" />
      <MiddleTruncate text={row.service} className="text-sm text-muted" />
    </span>
  ),
}
const state: DataColumn<Row> = {
  id: 'state',
  header: 'State',
  width: 148,
  cell: row => <SagaBadge state={row.state} />,
}
const steps: DataColumn<Row> = {
  id: 'steps',
  header: 'Steps',
  hideBelow: 'broad',
  cell: row => <Steps row={row} />,
}

const counted = (of: keyof SagaCounts, header: string, hint: string, more: Partial<DataColumn<Row>> = {}) => ({
  id: of,
  header,
  hint,
  align: 'end' as const,
  width: 112,
  hideBelow: 'wide' as const,
  cell: ({ counts }: Row) =>
    counts ? (
      <span className={of === 'failed' && counts.failed > 0 ? 'font-medium text-bad' : undefined}>
        {formatExact(counts[of])}
      </span>
    ) : (
      <span className="text-faint">–</span>
    ),
  ...more,
})

const failed = counted('failed', 'Failed', 'They wait to be retried or compensated', {
  sortable: true,
  firstSort: 'desc',
})

export const sagaRows: ListRows<Row> = {
  noun: ['saga', 'sagas'],
  key: row => row.id,
  columns: {
    alone: [
      name,
      state,
      steps,
      failed,
      counted('running', 'Running', 'Running now'),
      counted('compensating', 'Compensating', 'Being taken back now', { width: 120 }),
      counted('completed', 'Completed', 'In the last 24 hours', { hideBelow: 'desk' }),
      counted('compensated', 'Compensated', 'Taken back in the last 24 hours', { width: 120, hideBelow: 'desk' }),
    ],
    beside: [name, state],
  },
  secondary: row => <Figures row={row} />,
  opens: row => ({ saga: row.id }),
  sort: 'failed',
}

function Steps({ row: { steps } }: { row: Row }) {
  const names = steps.map(({ name }) => name).join(' → ')
  return (
    <span className="block truncate text-muted" title={names}>
      {names}
    </span>
  )
}

function Figures({ row: { counts } }: { row: Row }) {
  if (!counts) return <span className="text-muted">How many there are is not known</span>
  const figures = [
    [counts.failed, 'failed'],
    [counts.running, 'running'],
    [counts.compensating, 'compensating'],
    [counts.completed, 'completed in 24 h'],
  ] as const
  return (
    <span className="flex flex-wrap gap-x-3">
      {figures.map(([count, words]) => (
        <span key={words}>
          <span className="tabular-nums">{formatExact(count)}</span> <span className="text-muted">{words}</span>
        </span>
      ))}
    </span>
  )
}
