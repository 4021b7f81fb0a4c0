import { InfrastructureError } from '../../../core/errors.ts'
import type { NodeMeasured, Plan, PlanNode } from './port.ts'

export class PlanError extends InfrastructureError {
  override readonly code = 'PLAN_UNREADABLE'
}

type Raw = Record<string, unknown>

/** Reads what EXPLAIN (FORMAT JSON) answers, as text or parsed. Rejects with PlanError what is not a plan. */
export function parsePlan(answer: unknown): Plan {
  const parsed = typeof answer === 'string' ? parseJson(answer) : answer
  const [whole] = Array.isArray(parsed) ? parsed : [parsed]
  if (!isRaw(whole) || !isRaw(whole.Plan)) throw new PlanError('This is not a plan in the JSON format of EXPLAIN')
  return {
    root: nodeOf(whole.Plan),
    measured: 'Actual Loops' in whole.Plan,
    ...some('planningMs', number(whole['Planning Time'])),
    ...some('executionMs', number(whole['Execution Time'])),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new PlanError('The plan is not JSON', { cause: error })
  }
}

function nodeOf(raw: Raw): PlanNode {
  const table = text(raw['Relation Name'])
  const schema = text(raw.Schema)
  const lossy = number(raw['Lossy Heap Blocks'])
  const exact = number(raw['Exact Heap Blocks'])
  const conditions = ['Index Cond', 'Recheck Cond', 'TID Cond', 'Hash Cond', 'Merge Cond', 'Join Filter']
  return {
    kind: kindOf(raw),
    ...some('relation', table && schema ? `${schema}.${table}` : table),
    ...some('schema', schema),
    ...some('table', table),
    ...some('index', text(raw['Index Name'])),
    ...some('alias', text(raw.Alias)),
    ...some(
      'condition',
      conditions.map(name => text(raw[name])).find(value => value !== undefined),
    ),
    ...some('filter', text(raw.Filter)),
    ...some('sortKey', Array.isArray(raw['Sort Key']) ? raw['Sort Key'].map(String) : undefined),
    ...some('role', text(raw['Parent Relationship'])),
    cost: { start: number(raw['Startup Cost']) ?? 0, total: number(raw['Total Cost']) ?? 0 },
    expectedRows: number(raw['Plan Rows']) ?? 0,
    width: number(raw['Plan Width']) ?? 0,
    ...some('measured', measuredOf(raw)),
    ...some('spilled', spilledBytes(raw)),
    ...some(
      'bitmap',
      lossy === undefined && exact === undefined ? undefined : { exact: exact ?? 0, lossy: lossy ?? 0 },
    ),
    ...some('heapFetches', number(raw['Heap Fetches'])),
    children: Array.isArray(raw.Plans) ? raw.Plans.filter(isRaw).map(nodeOf) : [],
  }
}

/** `Aggregate` and joins are told apart by fields of their own. */
function kindOf(raw: Raw): string {
  const kind = text(raw['Node Type']) ?? 'Unknown'
  const join = text(raw['Join Type'])
  const strategy = kind === 'Aggregate' && text(raw.Strategy) === 'Hashed' ? 'Hash ' : ''
  const parallel = raw['Parallel Aware'] === true ? 'Parallel ' : ''
  const outer = join && join !== 'Inner' ? join : ''
  const joined =
    outer === ''
      ? kind
      : kind === 'Nested Loop'
        ? `Nested Loop ${outer} Join`
        : kind.replace(/ Join$/, ` ${outer} Join`)
  return `${parallel}${strategy}${joined}`
}

function measuredOf(raw: Raw): NodeMeasured | undefined {
  const loops = number(raw['Actual Loops'])
  if (loops === undefined || loops === 0) return undefined
  // Postgres gives the mean of a loop.
  const total = (name: string) => (number(raw[name]) ?? 0) * loops
  return {
    rows: total('Actual Rows'),
    loops,
    ms: total('Actual Total Time'),
    removedByFilter: total('Rows Removed by Filter') + total('Rows Removed by Join Filter'),
    removedByRecheck: total('Rows Removed by Index Recheck'),
  }
}

const BLOCK = 8_192

/** Of the node itself and of what parallel workers did for it. */
function spilledBytes(raw: Raw): number | undefined {
  const workers = Array.isArray(raw.Workers) ? raw.Workers.filter(isRaw) : []
  const bytes = [raw, ...workers].map(ownSpill).reduce((sum, one) => sum + one, 0)
  return bytes > 0 ? bytes : undefined
}

function ownSpill(raw: Raw): number {
  const kilobytes = (of: Raw, name: string) => (number(of[name]) ?? 0) * 1_024
  if (raw['Sort Space Type'] === 'Disk') return kilobytes(raw, 'Sort Space Used')
  if (number(raw['Disk Usage'])) return kilobytes(raw, 'Disk Usage')
  // A hash table in several batches: all but one are written. Without BUFFERS their size is estimated by the one in memory.
  const batches = number(raw['Hash Batches']) ?? 1
  if (batches > 1)
    return (number(raw['Temp Written Blocks']) ?? 0) * BLOCK || kilobytes(raw, 'Peak Memory Usage') * (batches - 1)
  const groups = [raw['Full-sort Groups'], raw['Pre-sorted Groups']].filter(isRaw)
  const disks = groups.map(group => group['Sort Space Disk']).filter(isRaw)
  return disks.reduce((sum, disk) => sum + kilobytes(disk, 'Peak Sort Space Used'), 0)
}

const isRaw = (value: unknown): value is Raw => typeof value === 'object' && value !== null && !Array.isArray(value)
const number = (value: unknown) => (typeof value === 'number' ? value : undefined)
const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
const some = <K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } =>
  (value === undefined ? {} : { [key]: value }) as { [P in K]?: V }
