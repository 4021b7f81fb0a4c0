'use client'

import { useView } from '@/app/(console)/_frame/use-view'
import { Section } from '@/app/(console)/_parts/sheets/section'
import { SheetWaiting } from '@/app/(console)/_parts/sheets/sheet-waiting'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { PartBoundary } from '@/components/status/part-boundary'
import { EmptyState } from '@/components/ui/empty-state'
import { SheetBody, SheetFooter, SheetHeader } from '@/components/ui/sheet'
import type { TableData } from '@/lib/console/areas/database/views/table'
import type { Reading } from '@/lib/console/platform/view/read'
import { Finding } from '../../_components/finding'
import { TableActs } from './table-acts'
import { TableFacts } from './table-facts'
import { TableGrowth } from './table-growth'
import { TableIndexes } from './table-indexes'

interface TableSheetProps {
  /** Of the database. */
  name: string
  schema: string
  table: string
  environment: string
  initial: Reading<TableData> | undefined
}

/** One table: its figures, what is wrong with it, its indexes, and what can be done. */
export function TableSheet({ name, schema, table, environment, initial }: TableSheetProps) {
  const { reading, failed } = useView<TableData>(
    { view: 'database-table', environment, filters: { name, schema, table } },
    initial,
  )
  const known = reading?.data.table
  const found = known && known.status !== 'down' ? known.data.table : undefined
  return (
    <>
      <SheetHeader
        title={<MiddleTruncate text={schema === 'public' ? table : `${schema}.${table}`} />}
        description={`Table of ${name}`}
      />
      {found ? (
        <SheetFooter>
          <TableActs database={name} schema={schema} table={table} />
        </SheetFooter>
      ) : null}
      <SheetBody>
        <div className="-m-4">
          {reading === undefined ? <SheetWaiting what="The table" failed={failed} /> : null}
          {known ? (
            <PartBoundary part={known} what={`Postgres ${name}`}>
              {({ table: details }) =>
                details ? (
                  <>
                    {details.findings.length > 0 ? (
                      <div className="grid gap-2 p-4 pb-0">
                        {details.findings.map(finding => (
                          <Finding key={finding.kind} severity={finding.severity} statement={finding.statement}>
                            {finding.words}
                          </Finding>
                        ))}
                      </div>
                    ) : null}
                    <TableFacts details={details} sequences={reading?.data.sequences} />
                  </>
                ) : (
                  <EmptyState title="No table is called so">It was dropped, or renamed, in {name}.</EmptyState>
                )
              }
            </PartBoundary>
          ) : null}
          {found && reading?.data.growth ? <TableGrowth part={reading.data.growth} /> : null}
          {found && reading?.data.indexes ? (
            <Section title="Indexes" note="with the scans that used them">
              <PartBoundary part={reading.data.indexes} what="The list of indexes">
                {indexes => <TableIndexes database={name} schema={schema} table={table} {...indexes} />}
              </PartBoundary>
            </Section>
          ) : null}
        </div>
      </SheetBody>
    </>
  )
}
