import { Download } from 'lucide-react'
import { saveFile } from '@/app/(console)/_frame/save-file'
import { Panel } from '@/components/status/panel'
import { StatusMark } from '@/components/status/status-mark'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { EmptyState } from '@/components/ui/empty-state'
import { Skeleton } from '@/components/ui/skeleton'
import { formatExact } from '@/lib/core/number-format'
import { MissingGrant } from '../../_components/missing-grant'
import type { QueryRun } from './use-query-run'
import { ValueTable } from './value-table'

/** The rows of the last run, or why there are none. */
export function QueryResult({ run: { answer, filters }, environment }: { run: QueryRun; environment: string }) {
  if (!answer)
    return (
      <div role="status" className="grid gap-2">
        <span className="sr-only">The query runs</span>
        <Skeleton className="h-24" />
      </div>
    )
  if (answer.kind !== 'rows') {
    if (answer.grant) return <MissingGrant grant={answer.grant}>{answer.words}</MissingGrant>
    const status = answer.kind === 'down' ? 'bad' : 'warning'
    return (
      <Callout tone={status} mark={<StatusMark status={status} />} title={answer.words} urgent>
        {answer.nextStep ? <p>{answer.nextStep}</p> : null}
      </Callout>
    )
  }
  const { columns, rows, cut } = answer
  const count = `${formatExact(rows.length)} ${rows.length === 1 ? 'row' : 'rows'}`
  return (
    <Panel
      title="Result"
      note={
        <span role="status" className="tabular-nums">
          {cut ? `the first ${count}; there are more` : count}
        </span>
      }
      actions={
        <Button onClick={() => saveFile(`/api/v1/${environment}/databases/query`, filters, 'query.csv')}>
          <Download aria-hidden />
          <span className="sr-only">Export as </span>CSV
        </Button>
      }
    >
      {rows.length === 0 ? (
        <EmptyState title="No row found">
          The query ran and found nothing. Values that are hidden are never found.
        </EmptyState>
      ) : (
        <ValueTable
          label="Rows of the query"
          columns={columns.map(({ name, type }) => ({ name, kind: type }))}
          rows={rows}
        />
      )}
    </Panel>
  )
}
