import { z } from 'zod'
import {
  definitionsQuestion,
  type ForeignKey,
  type IndexFinding,
  type IndexState,
  judgeIndexes,
  type MeasuredBloat,
  measuredBloatQuestion,
  type SequenceState,
  sequencesQuestion,
  type TableFinding,
} from '../../../../infrastructure/insight/index.ts'
import { mapPart } from '../../../platform/part/map-part.ts'
import type { Part } from '../../../platform/part/part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { exact } from '../../../platform/view/text-filters.ts'
import { PostgresServers } from '../../../servers/resources.ts'
import { readTables, type TableEntry, tableEntries } from '../tables/entries.ts'
import { type TableGrowth, tableGrowth } from '../tables/growth.ts'

export interface TableIndex extends IndexState {
  /** Absent while it could not be read. */
  definition?: string
  finding?: IndexFinding
}

export interface TableDetails {
  /** Absent when the database has no table of that name. */
  table?: {
    state: TableEntry['state']
    size?: TableEntry['size']
    findings: readonly TableFinding[]
  }
  /** Since when scans are counted (ms); null: since the database was made. */
  since: number | null
}

export interface TableIndexes {
  indexes: TableIndex[]
  /** Foreign keys of which no index finds the rows. */
  unindexed: (ForeignKey & { finding: IndexFinding })[]
  since: number | null
}

export interface TableData {
  table?: Part<TableDetails>
  indexes?: Part<TableIndexes>
  sequences?: Part<SequenceState[]>
  growth?: Part<TableGrowth>
  /** Present when it was asked for and pgstattuple is there. */
  measured?: Part<{ bloat: MeasuredBloat | undefined }>
}

/** One table: its figures, its indexes with their use, and what is wrong with each. */
export const tableView = defineView({
  id: 'database-table',
  title: 'Table of a database',
  permission: 'database:read',
  topics: ['database', 'series'],
  filters: z.object({
    name: exact(300),
    schema: exact(63),
    table: exact(63),
    measure: z.enum(['yes', 'no']).default('no').describe('`yes`: measures its bloat where pgstattuple is installed'),
  }),
  freshFor: 5_000,
  async read({ environment }, { name, schema, table, measure }): Promise<TableData> {
    const server = environment.of(PostgresServers).find(name)
    if (!server) return {}
    const is = (of: { schema: string; table: string }) => of.schema === schema && of.table === table
    const [readings, definitions, sequences, growth, bloat] = await Promise.all([
      readTables(server),
      server.read(definitionsQuestion(schema, table)),
      server.read(sequencesQuestion),
      tableGrowth(environment, name, { schema, name: table }),
      measure === 'yes' ? server.read(measuredBloatQuestion(schema, table)) : undefined,
    ])
    const entry =
      readings.tables.status === 'down'
        ? undefined
        : tableEntries(readings.tables.data, readings).find(({ state }) =>
            is({ schema: state.schema, table: state.name }),
          )
    return {
      table: mapPart(readings.tables, ({ since }) => ({
        since,
        ...(entry ? { table: { state: entry.state, size: entry.size, findings: entry.findings } } : {}),
      })),
      indexes: mapPart(readings.indexes, reading => {
        const findings = judgeIndexes(reading).filter(is)
        return {
          since: reading.since,
          indexes: reading.indexes.filter(is).map((index): TableIndex => {
            const finding = findings.find(one => one.name === index.name && one.kind !== 'missing-foreign-key')
            const definition = definitions.status === 'down' ? undefined : definitions.data.get(index.name)
            return { ...index, ...(definition ? { definition } : {}), ...(finding ? { finding } : {}) }
          }),
          unindexed: reading.foreignKeys.filter(is).flatMap(key => {
            const finding = findings.find(one => one.name === key.name && one.kind === 'missing-foreign-key')
            return finding ? [{ ...key, finding }] : []
          }),
        }
      }),
      sequences: mapPart(sequences, all => all.filter(({ column }) => column?.startsWith(`${schema}.${table}.`))),
      growth,
      ...(bloat ? { measured: mapPart(bloat, measured => ({ bloat: measured })) } : {}),
    }
  },
})
