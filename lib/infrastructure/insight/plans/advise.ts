import type { Ask } from '../port.ts'
import { bytes, many, quoted } from '../words.ts'
import { comparisonsIn } from './conditions.ts'
import { type ExplainOptions, explain } from './explain.ts'
import type { Plan, PlanNode } from './port.ts'
import { nodesOf } from './walk.ts'

export interface IndexAdvice {
  schema: string
  table: string
  columns: readonly string[]
  /** Creates it without blocking writes. */
  statement: string
  /** Bytes, estimated from the widths of the columns. */
  estimatedBytes: number
  /** What the planner says with and without it: by a hypothetical index (hypopg), or reckoned from its cost constants. */
  by: 'hypopg' | 'reckoning'
  cost: { now: number; then: number }
  words: string
}

interface Candidate {
  node: PlanNode
  schema: string
  table: string
  equal: readonly string[]
  ranged: readonly string[]
  /** The inner side of a nested loop: how often it is read, and that the join's condition would find its rows. */
  repeated: boolean
  loops: number
}

interface ColumnFacts {
  schema: string
  table: string
  column: string
  distinct: number | null
  width: number | null
  rows: number
  pages: number
  randomPageCost: number
  pageCost: number
  tupleCost: number
  indexTupleCost: number
  leading: string[] | null
}

/** An index has to make a plan at least this many times cheaper to be advised. */
const WORTH_IT = 2
/** A column of the index narrows further only while more rows than this are left. */
const FEW_ROWS = 10
const MOST_COLUMNS = 3

/**
 * Indexes that would make this plan cheaper: for what scans a whole table or discards most of what an index found. With hypopg in the
 * database the planner itself says so; else it is reckoned from the planner's constants, which knows nothing of caches or of order.
 */
export async function adviseIndexes(
  ask: Ask,
  plan: Plan,
  statement: string,
  { values, hypopg }: { values: ExplainOptions['values']; hypopg: boolean },
): Promise<IndexAdvice[]> {
  const candidates = [...nodesOf(plan)].flatMap(({ node, parent }) => candidateOf(node, parent) ?? [])
  if (candidates.length === 0) return []
  const facts = await readFacts(ask, candidates)
  const reckoned = candidates.flatMap(candidate => reckon(candidate, facts) ?? [])
  const distinct = [...new Map(reckoned.map(advice => [advice.statement, advice])).values()]
  if (!hypopg) return distinct.filter(({ cost }) => cost.now / cost.then >= WORTH_IT)
  const verified: IndexAdvice[] = []
  for (const advice of distinct) {
    const then = await costWith(ask, advice, statement, values)
    if (plan.root.cost.total / then < WORTH_IT) continue
    const now = Math.round(plan.root.cost.total)
    verified.push({
      ...advice,
      by: 'hypopg',
      cost: { now: plan.root.cost.total, then },
      words: `With it the planner would choose a plan of cost ${Math.round(then).toLocaleString('en')} instead of ${now.toLocaleString('en')} (tried with hypopg).`,
    })
  }
  return verified
}

/**
 * Removes what an advice that failed halfway left in this session of the pool: a hypothetical index is of the session, not of the
 * transaction, and would be in every later plan. Resolves with whether hypopg is there at all.
 */
export async function forgetHypothetical(ask: Ask): Promise<boolean> {
  const [hypopg] = await ask<{ there: boolean }>(
    `select to_regprocedure('hypopg_create_index(text)') is not null as there`,
  )
  if (!hypopg?.there) return false
  await ask('select hypopg_reset()')
  return true
}

function candidateOf(node: PlanNode, parent?: PlanNode): Candidate | undefined {
  const { schema, table, alias } = node
  const scans = /(^| )Seq Scan$/.test(node.kind)
  const weak = /Index Scan$/.test(node.kind) && node.filter !== undefined
  if ((!scans && !weak) || !schema || !table || !alias) return undefined
  const loop = scans && parent?.kind.startsWith('Nested Loop') && parent.children[1] === node ? parent : undefined
  const texts = [node.filter, weak ? node.condition : undefined, loop?.condition]
  const comparisons = texts.flatMap(text => (text ? comparisonsIn(text, alias) : []))
  const columns = (by: string) => [...new Set(comparisons.filter(one => one.by === by).map(one => one.column))]
  const equal = columns('equality')
  const ranged = columns('range').filter(column => !equal.includes(column))
  if (equal.length + ranged.length === 0) return undefined
  const loops = Math.max(1, loop?.children[0]?.expectedRows ?? 1)
  return { node, schema, table, equal, ranged, loops, repeated: loop !== undefined }
}

function readFacts(ask: Ask, candidates: readonly Candidate[]): Promise<ColumnFacts[]> {
  const wanted = candidates.flatMap(({ schema, table, equal, ranged }) =>
    [...equal, ...ranged].map(column => ({ schema, table, column })),
  )
  return ask<ColumnFacts>(
    `select n.nspname::text as schema, c.relname::text as table, a.attname::text as column, s.n_distinct::float8 as distinct, s.avg_width::int as width,
       greatest(c.reltuples, 0)::float8 as rows, c.relpages::int as pages,
       current_setting('random_page_cost')::float8 as "randomPageCost", current_setting('seq_page_cost')::float8 as "pageCost", current_setting('cpu_tuple_cost')::float8 as "tupleCost",
       current_setting('cpu_index_tuple_cost')::float8 as "indexTupleCost",
       (select array_agg(columns) from (
          select (select string_agg(ia.attname, ',' order by k.place) from unnest(i.indkey::int2[]) with ordinality as k(number, place)
             join pg_attribute ia on ia.attrelid = c.oid and ia.attnum = k.number) as columns
          from pg_index i where i.indrelid = c.oid and i.indisvalid and i.indpred is null and i.indexprs is null) as own) as leading
     from (select distinct schema, "table", "column" from json_to_recordset($1::text::json) as x(schema text, "table" text, "column" text)) w
     join pg_namespace n on n.nspname = w.schema join pg_class c on c.relnamespace = n.oid and c.relname = w.table
     join pg_attribute a on a.attrelid = c.oid and a.attname = w.column and not a.attisdropped
     left join pg_stats s on s.schemaname = n.nspname and s.tablename = c.relname and s.attname = a.attname and not s.inherited`,
    [JSON.stringify(wanted)],
  )
}

function reckon(
  { node, schema, table, equal, ranged, repeated, loops }: Candidate,
  facts: readonly ColumnFacts[],
): IndexAdvice | undefined {
  const own = facts.filter(fact => fact.schema === schema && fact.table === table)
  const known = new Map(own.map(fact => [fact.column, fact]))
  const [any] = own
  if (!any) return undefined
  // The most selective first, and none that would no longer narrow anything; a range narrows nothing behind another range.
  const ordered = equal.flatMap(column => known.get(column) ?? []).sort((a, b) => valuesOf(b) - valuesOf(a))
  const columns: ColumnFacts[] = []
  let left = any.rows
  for (const fact of ordered) {
    if (columns.length > 0 && (left <= FEW_ROWS || columns.length >= MOST_COLUMNS)) break
    columns.push(fact)
    left /= Math.max(1, valuesOf(fact))
  }
  const range = ranged.map(column => known.get(column)).find(fact => fact !== undefined)
  if (range && left > FEW_ROWS) columns.push(range)
  const names = columns.map(({ column }) => column)
  const there = (any.leading ?? []).some(leading => `${leading},`.startsWith(`${names.join(',')},`))
  if (there) return undefined
  // Of a repeated scan the planner says how many rows are read, not how many are found.
  const rows = Math.max(1, repeated ? left : range ? node.expectedRows : Math.max(left, node.expectedRows))
  const then = loops * lookupCost(rows, any)
  const now = node.cost.total * loops
  const statement = `CREATE INDEX CONCURRENTLY ON ${quoted(schema)}.${quoted(table)} (${names.map(quoted).join(', ')})`
  const entry = columns.reduce((sum, { width }) => sum + (width ?? 8), 16)
  const estimatedBytes = Math.round((any.rows * entry) / 0.9)
  return {
    schema,
    table,
    columns: names,
    statement,
    estimatedBytes,
    by: 'reckoning',
    cost: { now, then },
    words: `It would find ${many(rows, 'row')} of ${many(any.rows, 'row')} for a cost of about ${Math.round(then).toLocaleString('en')} instead of ${Math.round(now).toLocaleString('en')}, reckoned from the planner's constants (hypopg is not installed to try it), and take about ${bytes(estimatedBytes)}.`,
  }
}

/**
 * What finding so many rows by an index costs: pages by Mackert and Lohman's formula, each the cheaper the more of the table is read, as
 * cost_bitmap_heap_scan of Postgres' costsize.c has it.
 */
function lookupCost(rows: number, { pages, randomPageCost, pageCost, tupleCost, indexTupleCost }: ColumnFacts): number {
  const table = Math.max(1, pages)
  const read = Math.min(table, Math.max(1, (2 * table * rows) / (2 * table + rows)))
  const perPage = randomPageCost - (randomPageCost - pageCost) * Math.sqrt(read / table)
  return randomPageCost + read * perPage + rows * (tupleCost + indexTupleCost)
}

/** `n_distinct` of pg_stats: below zero it is a share of the rows. Unknown counts as not selective. */
function valuesOf({ distinct, rows }: ColumnFacts): number {
  if (distinct === null) return 1
  return distinct < 0 ? -distinct * rows : distinct
}

async function costWith(
  ask: Ask,
  { statement }: IndexAdvice,
  text: string,
  values: ExplainOptions['values'],
): Promise<number> {
  await ask('savepoint hypothetical')
  await ask('select hypopg_create_index($1::text)', [statement.replace(' CONCURRENTLY', '')])
  // A hypothetical index cannot be run, so this is never measured.
  const plan = await explain(ask, text, values ? { values } : {})
  await ask('rollback to savepoint hypothetical')
  await ask('select hypopg_reset()')
  return plan.root.cost.total
}
