import { useOperation } from '@/app/(console)/_frame/catalogue'
import { OperationButton } from '@/components/operation/operation-button'

interface CreateIndexProps {
  database: string
  schema: string
  table: string
  columns: readonly string[]
  /** The statement that it is for: its plan is compared afterwards. */
  statement?: string
}

/** Builds an index, after its preview. */
export function CreateIndex({ columns, ...place }: CreateIndexProps) {
  const create = useOperation('database.create-index')
  return (
    <OperationButton
      operation={create}
      subject={place.table}
      size="sm"
      label={`Create an index on ${columns.join(', ')}…`}
      input={{ ...place, columns: [...columns] }}
    >
      {noFields}
    </OperationButton>
  )
}

/** The preview says all there is to say. */
export const noFields = () => null
