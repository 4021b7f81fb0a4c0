import {
  horizonQuestion,
  type IndexState,
  indexesQuestion,
  judgeTable,
  NEARLY_EXHAUSTED,
  type SequenceState,
  sequencesQuestion,
  type TableState,
  tablesQuestion,
} from '../../../infrastructure/insight/index.ts'
import type { AttentionItem } from '../../platform/attention/item.ts'
import { counted } from '../../platform/counted.ts'
import type { ConsoleEnvironment } from '../../platform/environment/port.ts'
import { defineResource } from '../../platform/environment/resource.ts'
import type { Part } from '../../platform/part/part.ts'
import type { PostgresServer } from '../../servers/postgres/servers.ts'
import type { StatementReader } from './statements/reader.ts'
import { Statements } from './statements/registry.ts'
import { type QueryRow, readRows } from './statements/rows.ts'

/** What changes slowly is read this often at most (ms), whoever asks. */
const SLOW_MS = 300_000
/** How long one judgement serves everyone who asks (ms). */
const JUDGED_FOR = 30_000
const EXHAUSTED_SOON = 0.9
const MOST_ITEMS = 3

/** What was read of one database, as far as it was. */
export interface Upkeep {
  name: string
  slower: readonly QueryRow[]
  sequences: readonly SequenceState[]
  invalid: readonly IndexState[]
  /** Tables whose dead rows stay, with what keeps them. */
  heldBack: readonly { table: TableState; words: string }[]
}

/** The last judgement of an environment: badges ask every few seconds, and statements change once a minute. */
export const Upkeeps = defineResource<{ read(environment: ConsoleEnvironment): Promise<AttentionItem[]> }>(
  'database-upkeep',
  () => {
    let last: { at: number; items: Promise<AttentionItem[]> } | undefined
    return {
      value: {
        read(environment) {
          const now = performance.now()
          if (!last || now - last.at > JUDGED_FOR) last = { at: now, items: upkeepOf(environment) }
          return last.items
        },
      },
    }
  },
)

/** What tables, indexes, sequences and statements of the declared databases need a look. */
export async function upkeepOf(environment: ConsoleEnvironment, now = Date.now()): Promise<AttentionItem[]> {
  const { readers } = environment.of(Statements)
  const read = await Promise.all(readers.map(reader => readUpkeep(environment, reader, now)))
  return read.flatMap(ofUpkeep)
}

const dataOf = <T>(part: Part<T>) => (part.status === 'up' ? part.data : undefined)

async function readUpkeep(environment: ConsoleEnvironment, reader: StatementReader, now: number): Promise<Upkeep> {
  const { server, database: name } = reader
  const [rows, sequences, indexes, heldBack] = await Promise.all([
    readRows(environment, reader, 1, now),
    server.read(sequencesQuestion, { maxAge: SLOW_MS }),
    server.read(indexesQuestion, { maxAge: SLOW_MS }),
    readHeldBack(server, now),
  ])
  return {
    name,
    slower: (dataOf(rows)?.rows ?? []).filter(({ slower }) => slower),
    sequences: (dataOf(sequences) ?? []).filter(({ used, cycles }) => used >= NEARLY_EXHAUSTED && !cycles),
    invalid: (dataOf(indexes)?.indexes ?? []).filter(index => !index.valid && !index.building && !index.partition),
    heldBack,
  }
}

async function readHeldBack(server: PostgresServer, now: number): Promise<Upkeep['heldBack']> {
  const [tables, horizon] = await Promise.all([
    server.read(tablesQuestion, { maxAge: SLOW_MS }),
    server.read(horizonQuestion, { maxAge: SLOW_MS }),
  ])
  const [holder] = dataOf(horizon)?.holders ?? []
  if (!holder) return []
  return (dataOf(tables)?.tables ?? []).flatMap(table => {
    const finding = judgeTable(table, { holder, now }).find(({ kind }) => kind === 'held-back')
    return finding ? [{ table, words: finding.words }] : []
  })
}

export function ofUpkeep({ name, slower, sequences, invalid, heldBack }: Upkeep): AttentionItem[] {
  const page = `database/${encodeURIComponent(name)}`
  const tableHref = (schema: string, table: string) =>
    `${page}/tables?schema=${encodeURIComponent(schema)}&table=${encodeURIComponent(table)}`
  return [
    ...slower.slice(0, MOST_ITEMS).flatMap(({ query, deploy, origin, text }): AttentionItem[] => {
      if (!deploy) return []
      const times = deploy.after.meanMs / deploy.before.meanMs
      return [
        {
          id: `database:${name}:slower:${query}:${deploy.version}`,
          band: times >= 10 ? 'degraded' : 'notice',
          share: Math.min(1, times / 20),
          subject: name,
          text: `has a statement that is ${times >= 10 ? Math.round(times) : times.toFixed(1)} times slower since ${deploy.service} ${deploy.version}`,
          detail: `${origin?.service ? `Sent by ${[origin.service, origin.route ?? origin.job].filter(Boolean).join(' ')}. ` : ''}Its mean rose from ${deploy.before.meanMs.toFixed(1)} to ${deploy.after.meanMs.toFixed(1)} ms: ${(text ?? query).replace(/\s+/g, ' ').slice(0, 140)}`,
          since: deploy.at,
          href: `${page}/queries?query=${query}`,
          act: 'See the query',
        },
      ]
    }),
    ...sequences.slice(0, MOST_ITEMS).map(
      (sequence): AttentionItem => ({
        id: `database:${name}:sequence:${sequence.schema}.${sequence.name}`,
        band: sequence.used >= EXHAUSTED_SOON ? 'degraded' : 'notice',
        share: sequence.used,
        subject: name,
        text: `has a sequence that is ${Math.floor(sequence.used * 100)} % used up`,
        detail: `${sequence.column ?? `${sequence.schema}.${sequence.name}`} has reached ${sequence.last.toLocaleString('en')} of ${sequence.limit.toLocaleString('en')} (${sequence.type}). At its end every insert fails; a bigint column takes a rewrite, so plan it now.`,
        href: `${page}/tables`,
        act: 'See the tables',
      }),
    ),
    ...invalid.slice(0, MOST_ITEMS).map(
      (index): AttentionItem => ({
        id: `database:${name}:invalid:${index.schema}.${index.name}`,
        band: 'notice',
        share: 0.4,
        subject: name,
        text: `has an INVALID index, ${index.name}`,
        detail: `A build of it failed or was cancelled. No query uses it, and every write to ${index.schema}.${index.table} still maintains it.`,
        href: tableHref(index.schema, index.table),
        act: 'See the table',
      }),
    ),
    ...heldBack.slice(0, 1).map(
      ({ table, words }): AttentionItem => ({
        id: `database:${name}:held-back`,
        band: 'notice',
        share: 0.6,
        subject: name,
        text:
          heldBack.length === 1
            ? `has dead rows in ${table.schema}.${table.name} that VACUUM cannot remove`
            : `has dead rows in ${counted(heldBack.length, 'table')} that VACUUM cannot remove`,
        detail: words,
        href: tableHref(table.schema, table.name),
        act: 'See the table',
      }),
    ),
  ]
}
