import {
  horizonQuestion,
  indexesQuestion,
  judgeTable,
  NEARLY_EXHAUSTED,
  sequencesQuestion,
  serverQuestion,
  tablesQuestion,
} from '../../../infrastructure/insight/index.ts'
import type { AttentionItem } from '../../platform/attention/item.ts'
import type { ConsoleEnvironment } from '../../platform/environment/port.ts'
import { defineResource } from '../../platform/environment/resource.ts'
import { mapPart } from '../../platform/part/map-part.ts'
import type { Part } from '../../platform/part/part.ts'
import type { PostgresServer } from '../../servers/postgres/servers.ts'
import type { StatementReader } from './statements/reader.ts'
import { Statements } from './statements/registry.ts'
import { type QueryRows, readRows } from './statements/rows.ts'
import { ofUpkeep, type Upkeep } from './upkeep-items.ts'

/** What changes slowly is read this often at most (ms), whoever asks. */
const SLOW_MS = 300_000
/** How long one judgement serves everyone who asks (ms). */
const JUDGED_FOR = 30_000

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
  return read.flatMap(one => ofUpkeep(one, now))
}

async function readUpkeep(environment: ConsoleEnvironment, reader: StatementReader, now: number): Promise<Upkeep> {
  const { server, database: name } = reader
  const [rows, sequences, indexes, heldBack, facts] = await Promise.all([
    readRows(environment, reader, 1, now),
    server.read(sequencesQuestion, { maxAge: SLOW_MS }),
    server.read(indexesQuestion, { maxAge: SLOW_MS }),
    readHeldBack(server, now),
    server.read(serverQuestion),
  ])
  return {
    name,
    slower: slowerOf(rows),
    sequences: mapPart(sequences, all => all.filter(({ used, cycles }) => used >= NEARLY_EXHAUSTED && !cycles)),
    invalid: mapPart(indexes, ({ indexes: all }) =>
      all.filter(index => !index.valid && !index.building && !index.partition),
    ),
    heldBack,
    answers: facts.status === 'up',
  }
}

/** Which statements became slower is not known without the figures of the time before. */
function slowerOf(rows: Part<QueryRows>): Upkeep['slower'] {
  if (rows.status !== 'down' && rows.data.historyMissing)
    return { status: 'down', reason: rows.data.historyMissing, since: rows.at }
  return mapPart(rows, data => data.rows.filter(({ slower }) => slower))
}

async function readHeldBack(server: PostgresServer, now: number): Promise<Upkeep['heldBack']> {
  const [tables, horizon] = await Promise.all([
    server.read(tablesQuestion, { maxAge: SLOW_MS }),
    server.read(horizonQuestion, { maxAge: SLOW_MS }),
  ])
  if (horizon.status === 'down') return horizon
  const [holder] = horizon.data.holders
  if (!holder) return mapPart(horizon, () => [])
  // What is known of both is as good as the poorer reading.
  return mapPart(
    horizon.status === 'up' || tables.status === 'down' ? tables : { ...horizon, data: tables.data },
    data =>
      data.tables.flatMap(table => {
        const finding = judgeTable(table, { holder, now }).find(({ kind }) => kind === 'held-back')
        return finding ? [{ table, words: finding.words }] : []
      }),
  )
}
