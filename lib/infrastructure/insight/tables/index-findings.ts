import { dropIndexStatement, reindexStatement } from '../maintenance/statements.ts'
import { bytes, many, quoted } from '../words.ts'
import type { ForeignKey, IndexesReading, IndexState } from './indexes.ts'

export interface IndexFinding {
  kind: 'invalid' | 'duplicate' | 'unused' | 'missing-foreign-key'
  schema: string
  table: string
  /** The index that could go; of a missing one, the foreign key. */
  name: string
  /** What is so, and why it matters. */
  words: string
  /** What would change it, without blocking writes. */
  statement: string
  /** Bytes that would be free. */
  bytes?: number
}

/** An index is only called unused once scans have been counted for this long, ms. */
export const COUNTED_FOR = 7 * 86_400_000
/** A foreign key without an index is slow to check once its table has this many rows. */
const ROWS_THAT_MATTER = 1_000

/** What is wrong with indexes: each index once, by the most severe. */
export function judgeIndexes(reading: IndexesReading, now = Date.now()): IndexFinding[] {
  const invalid = reading.indexes.filter(({ valid, building, partition }) => !valid && !building && !partition)
  const duplicates = duplicateIndexes(reading.indexes)
  const reported = new Set([...invalid, ...duplicates.map(({ index }) => index)])
  const unused = reading.indexes.filter(index => !reported.has(index) && isUnused(index))
  return [
    ...invalid.map(invalidWords),
    ...duplicates.map(({ index, of }) => duplicateWords(index, of)),
    ...(countedLongEnough(reading, now) ? unused.map(index => unusedWords(index, reading)) : []),
    ...reading.foreignKeys.filter(({ indexed, rows }) => !indexed && rows >= ROWS_THAT_MATTER).map(missingWords),
  ]
}

function countedLongEnough({ since }: IndexesReading, now: number): boolean {
  return since === null || now - since >= COUNTED_FOR
}

const isUnused = ({ scans, lastScanAt, unique, constraint, referenced, valid, partition }: IndexState) =>
  scans === 0 && lastScanAt === null && !unique && constraint === null && !referenced && valid && !partition

/** Indexes that another one makes superfluous: the same, or (B-trees) a key with which the other one begins. */
export function duplicateIndexes(indexes: readonly IndexState[]): { index: IndexState; of: IndexState }[] {
  const byTable = Map.groupBy(
    indexes.filter(({ valid, partition }) => valid && !partition),
    ({ schema, table }) => `${schema}\n${table}`,
  )
  return [...byTable.values()].flatMap(own => {
    const gone = new Set<IndexState>()
    return own.toSorted(leastNeeded).flatMap(index => {
      const of = own.find(other => other !== index && !gone.has(other) && replaces(other, index))
      if (!of) return []
      gone.add(index)
      return [{ index, of }]
    })
  })
}

/** Of two that replace each other, the one that backs nothing goes, then the one that is used less. */
function leastNeeded(one: IndexState, other: IndexState): number {
  const weight = ({ constraint, unique, referenced }: IndexState) =>
    Number(constraint !== null) * 4 + Number(referenced) * 2 + Number(unique)
  return weight(one) - weight(other) || one.key.length - other.key.length || one.scans - other.scans
}

function replaces(other: IndexState, index: IndexState): boolean {
  if (index.constraint !== null || index.referenced) return false
  if (other.method !== index.method || other.predicate !== index.predicate) return false
  const same = other.key.length === index.key.length
  // A unique index promises something that a longer key does not.
  if (index.unique && !(same && other.unique)) return false
  if (!same && index.method !== 'btree') return false
  const begins = (whole: readonly string[], part: readonly string[]) => part.every((item, at) => whole[at] === item)
  if (!begins(other.key, index.key) || !begins(other.ordering, index.ordering)) return false
  return index.included.every(column => other.included.includes(column) || other.key.includes(column))
}

const drop = ({ schema, name }: IndexState) => dropIndexStatement(schema, name)
const place = ({ schema, table, name }: IndexState | ForeignKey) => ({ schema, table, name })

const invalidWords = (index: IndexState): IndexFinding => ({
  kind: 'invalid',
  ...place(index),
  words: `${index.name} is INVALID: a build failed or was cancelled. No query uses it, and every write still maintains it (${bytes(index.bytes)}).`,
  // What a failed REINDEX CONCURRENTLY leaves is a copy; the index itself is still there.
  statement: /_cc(new|old)\d*$/.test(index.name) ? drop(index) : reindexStatement(index.schema, index.name),
  bytes: index.bytes,
})

const duplicateWords = (index: IndexState, of: IndexState): IndexFinding => ({
  kind: 'duplicate',
  ...place(index),
  words:
    index.key.length === of.key.length
      ? `${index.name} has the same key as ${of.name} (${of.key.join(', ')}): one of them is enough.`
      : `${index.name} (${index.key.join(', ')}) is the beginning of ${of.name} (${of.key.join(', ')}), which answers the same conditions.`,
  statement: drop(index),
  bytes: index.bytes,
})

const unusedWords = (index: IndexState, { since, standbys }: IndexesReading): IndexFinding => ({
  kind: 'unused',
  ...place(index),
  words: `${index.name} was never used since ${since === null ? 'scans are counted' : new Date(since).toISOString().slice(0, 10)}, and every write maintains it (${bytes(index.bytes)}).${standbys > 0 ? ` Scans on ${standbys === 1 ? 'the standby' : `the ${standbys} standbys`} are not counted here.` : ''}`,
  statement: drop(index),
  bytes: index.bytes,
})

const missingWords = (key: ForeignKey): IndexFinding => ({
  kind: 'missing-foreign-key',
  ...place(key),
  words: `No index finds the rows of ${key.table} that refer to ${key.refersTo} by ${key.columns.join(', ')}: deleting there, or changing its key, reads all ${many(key.rows, 'row')}.`,
  statement: `CREATE INDEX CONCURRENTLY ON ${quoted(key.schema)}.${quoted(key.table)} (${key.columns.map(quoted).join(', ')})`,
})
