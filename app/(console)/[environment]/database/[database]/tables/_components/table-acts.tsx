import { useOperation } from '@/app/(console)/_frame/catalogue'
import { OperationButton } from '@/components/operation/operation-button'

/** What can be done to a table as a whole. */
export function TableActs({ database, schema, table }: { database: string; schema: string; table: string }) {
  const vacuum = useOperation('database.vacuum')
  const analyze = useOperation('database.analyze')
  const input = { database, schema, table }
  return (
    <>
      <OperationButton operation={vacuum} subject={table} label="Vacuum" input={input} />
      <OperationButton operation={analyze} subject={table} label="Analyze" input={input} />
    </>
  )
}
