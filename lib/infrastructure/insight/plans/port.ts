/** What a node of a plan did when it was run. */
export interface NodeMeasured {
  /** Rows that it returned, all loops together. */
  rows: number
  loops: number
  /** ms, all loops together, with what is below it. Of a parallel node: the mean of its processes. */
  ms: number
  /** Rows that its filter discarded, all loops together. */
  removedByFilter: number
  /** Rows that the condition discarded when it was checked again on the row itself. */
  removedByRecheck: number
}

export interface PlanNode {
  /** Postgres' name of it: `Seq Scan`, `Nested Loop`. */
  kind: string
  /** `schema.table` where Postgres says the schema (EXPLAIN VERBOSE), else the table. */
  relation?: string
  schema?: string
  table?: string
  index?: string
  alias?: string
  /** How rows are found: the condition of the index, of the join. */
  condition?: string
  /** What discards rows that were found. */
  filter?: string
  sortKey?: readonly string[]
  /** `Inner`, `Outer`, `SubPlan`, …: its place below its parent. */
  role?: string
  cost: { start: number; total: number }
  /** Rows that the planner expects of each loop. */
  expectedRows: number
  /** Bytes of a row. */
  width: number
  /** Absent where the plan was not run, or this node of it was never reached. */
  measured?: NodeMeasured
  /** Bytes that it wrote to temporary files because they did not fit into work_mem. */
  spilled?: number
  /** Blocks of a bitmap that it knew row by row, and those of which it knew only the block. */
  bitmap?: { exact: number; lossy: number }
  /** Of an index-only scan: rows for which the table had to be read all the same. */
  heapFetches?: number
  children: readonly PlanNode[]
}

export interface Plan {
  root: PlanNode
  /** Whether it was run (EXPLAIN ANALYZE). */
  measured: boolean
  planningMs?: number
  executionMs?: number
}

/** What is known of a table that a plan reads, by `schema.table`. */
export interface TableFacts {
  rows: number
  bytes: number
}

export type PlanFindingKind =
  | 'sequential-scan'
  | 'bad-estimate'
  | 'spill'
  | 'nested-loop'
  | 'rows-removed'
  | 'weak-index'
  | 'lossy-bitmap'
  | 'heap-fetches'

export interface PlanFinding {
  kind: PlanFindingKind
  severity: 'warning' | 'note'
  /** Where in the plan: the child at each level, from the root. */
  path: readonly number[]
  relation?: string
  /** What is so, with its numbers, and why it matters. */
  words: string
  /** What can be done about it. */
  nextStep: string
  /** From a run; else from what the planner expects. */
  measured: boolean
}
