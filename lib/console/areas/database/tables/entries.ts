import {
  type HorizonHolder,
  horizonQuestion,
  type IndexesReading,
  type IndexFinding,
  indexesQuestion,
  judgeIndexes,
  judgeTable,
  sizesQuestion,
  type TableFinding,
  type TableSize,
  type TableState,
  type TablesReading,
  tablesQuestion,
} from '../../../../infrastructure/insight/index.ts'
import type { Part } from '../../../platform/part/part.ts'
import type { PostgresServer } from '../../../servers/postgres/servers.ts'

/** A table with what several readings know of it. What one of them does not know is absent. */
export interface TableEntry {
  id: string
  state: TableState
  size?: TableSize
  indexes?: number
  findings: readonly TableFinding[]
  indexFindings: readonly IndexFinding[]
}

export interface TableReadings {
  tables: Part<TablesReading>
  sizes: Part<readonly TableSize[]>
  indexes: Part<IndexesReading>
  holder?: HorizonHolder
}

export const tableId = ({ schema, name }: { schema: string; name: string }) => `${schema}.${name}`

/** How long a page waits for what takes longer to read (ms); the next reading has it. */
const PAGE_WAIT_MS = 250

/** Everything that is known of the tables of a server: each reading as old as its question allows. */
export async function readTables(server: PostgresServer): Promise<TableReadings> {
  const [tables, sizes, indexes, horizon] = await Promise.all([
    server.read(tablesQuestion),
    soon(server.read(sizesQuestion)),
    soon(server.read(indexesQuestion)),
    server.read(horizonQuestion),
  ])
  const [holder] = horizon.status === 'down' ? [] : horizon.data.holders
  return { tables, sizes, indexes, ...(holder ? { holder } : {}) }
}

/** Of thousands of tables some readings take longer than a page may. */
function soon<T>(reading: Promise<Part<T>>): Promise<Part<T>> {
  const later: Part<T> = { status: 'down', reason: 'they are being read', since: Date.now() }
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Part<T>>(resolve => {
    timer = setTimeout(() => resolve(later), PAGE_WAIT_MS)
  })
  return Promise.race([reading, late]).finally(() => clearTimeout(timer))
}

const dataOf = <T>(part: Part<T>) => (part.status === 'down' ? undefined : part.data)

export function tableEntries({ tables }: TablesReading, { sizes, indexes, holder }: TableReadings): TableEntry[] {
  const sizeOf = new Map((dataOf(sizes) ?? []).map(size => [tableId(size), size]))
  const known = dataOf(indexes)
  const byTable = (of: { schema: string; table: string }) => `${of.schema}.${of.table}`
  const own = Map.groupBy(known?.indexes ?? [], byTable)
  const findings = Map.groupBy(known ? judgeIndexes(known) : [], byTable)
  return tables.map(state => {
    const id = tableId(state)
    const size = sizeOf.get(id)
    return {
      id,
      state,
      ...(size ? { size } : {}),
      ...(known ? { indexes: own.get(id)?.length ?? 0 } : {}),
      findings: judgeTable(state, { ...(size ? { size } : {}), ...(holder ? { holder } : {}) }),
      indexFindings: findings.get(id) ?? [],
    }
  })
}
