import { z } from 'zod'
import { mapPart } from '../../../platform/part/map-part.ts'
import type { Part } from '../../../platform/part/part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { exact } from '../../../platform/view/text-filters.ts'
import { PostgresServers } from '../../../servers/resources.ts'
import { hiddenIn } from '../acts/target.ts'
import { type ReadableTable, readableTablesQuestion } from '../browse/table.ts'

export interface BrowseData {
  /** Whether the asker may see rows. */
  mayBrowse: boolean
  /** Absent when no database of that name is declared. */
  tables?: Part<ReadableTable[]>
}

/** Which tables can be browsed. */
export const browseView = defineView({
  id: 'database-browse',
  title: 'Tables to browse',
  permission: 'database:read',
  topics: ['database'],
  filters: z.object({ name: exact(300) }),
  freshFor: 5_000,
  async read({ environment, permissions }, { name }): Promise<BrowseData> {
    const tables = await environment.of(PostgresServers).find(name)?.read(readableTablesQuestion)
    const hidden = hiddenIn(environment, name)
    const shown = (all: ReadableTable[]) => all.filter(table => !hidden.includes(`${table.schema}.${table.name}`))
    return {
      mayBrowse: permissions.includes('database:browse'),
      ...(tables ? { tables: mapPart(tables, shown) } : {}),
    }
  },
})
