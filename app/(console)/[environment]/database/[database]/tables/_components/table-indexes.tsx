import { useOperation } from '@/app/(console)/_frame/catalogue'
import { OperationButton } from '@/components/operation/operation-button'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { RelativeTime } from '@/components/status/relative-time'
import { StatusBadge } from '@/components/status/status-mark'
import { Badge } from '@/components/ui/badge'
import { CopyButton } from '@/components/ui/copy-button'
import type { TableIndexes as Indexes, TableIndex } from '@/lib/console/areas/database/views/table'
import { formatBytes, formatExact, formatShort } from '@/lib/core/number-format'
import { CreateIndex, noFields } from '../../_components/create-index'
import { Finding } from '../../_components/finding'

interface TableIndexesProps extends Indexes {
  database: string
  schema: string
  table: string
}

/** The indexes of a table with their use, and the foreign keys that lack one. */
export function TableIndexes({ database, schema, table, indexes, unindexed }: TableIndexesProps) {
  return (
    <div className="grid gap-2 px-4 py-1">
      {unindexed.map(({ name, columns, finding }) => (
        <Finding
          key={name}
          severity="note"
          statement={finding.statement}
          act={<CreateIndex database={database} schema={schema} table={table} columns={columns} />}
        >
          {finding.words}
        </Finding>
      ))}
      {indexes.length === 0 ? <p className="text-md text-muted">It has no index.</p> : null}
      <ul className="grid gap-2">
        {indexes.map(index => (
          <IndexEntry key={index.name} database={database} index={index} />
        ))}
      </ul>
    </div>
  )
}

function IndexEntry({ database, index }: { database: string; index: TableIndex }) {
  const drop = useOperation('database.drop-index')
  const rebuild = useOperation('database.reindex')
  const { name, schema, finding, constraint, referenced, partition } = index
  const input = { database, schema, index: name }
  const mayGo = constraint === null && !referenced && !partition
  return (
    <li className="rounded-md border border-line p-3 text-md">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <MiddleTruncate text={name} className="font-medium" />
        <IndexMarks index={index} />
        <span className="ml-auto tabular-nums text-muted">{formatBytes(index.bytes)}</span>
      </div>
      {index.definition === undefined ? null : (
        <p className="mt-1 flex items-start gap-1">
          <code className="min-w-0 flex-1 self-center break-words text-sm text-muted">{index.definition}</code>
          <CopyButton value={index.definition} label={`Copy the definition of ${name}`} />
        </p>
      )}
      <p className="mt-1 text-sm text-muted tabular-nums">
        <span title={`${formatExact(index.scans)} scans`}>{formatShort(index.scans)} scans</span>
        {index.lastScanAt === null ? null : (
          <>
            , last <RelativeTime at={index.lastScanAt} />
          </>
        )}
      </p>
      {finding ? <p className="mt-1 text-sm">{finding.words}</p> : null}
      {partition ? null : (
        <div className="mt-2 flex flex-wrap gap-2">
          <IndexAct act="Rebuild" operation={rebuild} name={name} input={input} />
          {mayGo ? <IndexAct act="Drop" operation={drop} name={name} input={input} /> : null}
        </div>
      )}
    </li>
  )
}

interface IndexActProps {
  act: string
  operation: ReturnType<typeof useOperation>
  name: string
  input: Record<string, unknown>
}

function IndexAct({ act, operation, name, input }: IndexActProps) {
  const label = (
    <span>
      {act}…<span className="sr-only"> {name}</span>
    </span>
  )
  return (
    <OperationButton operation={operation} subject={name} size="sm" label={label} input={input}>
      {noFields}
    </OperationButton>
  )
}

const WORDS = { invalid: 'INVALID', duplicate: 'Duplicate', unused: 'Unused', 'missing-foreign-key': '' } as const

function IndexMarks({ index: { primary, unique, valid, building, finding } }: { index: TableIndex }) {
  return (
    <>
      {primary ? <Badge>Primary key</Badge> : unique ? <Badge>Unique</Badge> : null}
      {building ? <StatusBadge status="unknown">Being built</StatusBadge> : null}
      {finding && !building ? (
        <StatusBadge status={valid ? 'unknown' : 'warning'}>{WORDS[finding.kind]}</StatusBadge>
      ) : null}
    </>
  )
}
