import { maskLiterals } from '../../database/index.ts'
import { bytes, duration, many, share } from '../words.ts'
import type { Plan, PlanFinding, PlanNode, TableFacts } from './port.ts'
import { nodesOf, type PlacedNode } from './walk.ts'

/** From how many rows on a table is large enough for a scan of it to matter. */
export const LARGE_TABLE_ROWS = 10_000
/** A filter that leaves more than this share is answered best by reading the whole table. */
const SELECTIVE = 0.1
const WRONG_BY = 10
/** Estimates of fewer rows than this may be wrong without harm. */
const ROWS_THAT_MATTER = 1_000
/** Loops of the inner side of a nested loop, and rows that it reads in all. */
const MANY_LOOPS = 1_000
const MANY_INNER_ROWS = 1_000_000
const MOSTLY_REMOVED = 0.9
const MANY_REMOVED = 1_000

export interface JudgeOptions {
  /** Of the tables that it reads, by the name in the plan; without it no scan counts as one of a large table. */
  tables?: ReadonlyMap<string, TableFacts>
}

type Judgement = (place: PlacedNode, tables: ReadonlyMap<string, TableFacts>) => Judged | undefined
type Judged = Omit<PlanFinding, 'path' | 'measured' | 'relation'>

/** What makes a plan slow, in the order of the plan. Of a plan that was not run, only what the planner expects. */
export function judgePlan(plan: Plan, { tables = new Map() }: JudgeOptions = {}): PlanFinding[] {
  return [...nodesOf(plan)].flatMap(place =>
    JUDGEMENTS.flatMap(judgement => {
      const judged = judgement(place, tables)
      if (!judged) return []
      const { relation, measured } = place.node
      return [{ ...judged, path: place.path, measured: measured !== undefined, ...(relation ? { relation } : {}) }]
    }),
  )
}

const isScan = (node: PlanNode) => /(^| )Seq Scan$/.test(node.kind)
const isIndexScan = (node: PlanNode) => /(^| )Index (Only )?Scan$/.test(node.kind)
/** Of a plan for given values the conditions contain those; what is said of it goes into runs and the audit. */
const conditionOf = ({ filter, condition }: PlanNode) => maskLiterals(filter ?? condition ?? 'its filter')
const expected = (node: PlanNode) => many(node.expectedRows, 'row')

const sequentialScan: Judgement = ({ node }, tables) => {
  const facts = tables.get(node.relation ?? '')
  if (!isScan(node) || !node.filter || !facts || facts.rows < LARGE_TABLE_ROWS) return undefined
  const { measured } = node
  const kept = measured ? measured.rows / measured.loops : node.expectedRows
  if (kept / facts.rows > SELECTIVE) return undefined
  const returned = measured ? `returned ${many(kept, 'row')}` : `expects to return ${expected(node)}`
  return {
    kind: 'sequential-scan',
    severity: 'warning',
    words: `Reads all of ${node.relation} (${many(facts.rows, 'row')}, ${bytes(facts.bytes)}) and ${returned} (${share(kept / facts.rows)}) by ${conditionOf(node)}.`,
    nextStep: 'An index on the columns of that condition would find those rows without reading the others.',
  }
}

/** How many times more rows came than were expected; below 1: fewer. Undefined where it does not matter. */
function estimateFactor({ measured, expectedRows }: PlanNode): number | undefined {
  if (!measured) return undefined
  const rows = measured.rows / measured.loops
  if (Math.max(rows, expectedRows) * measured.loops < ROWS_THAT_MATTER) return undefined
  const factor = Math.max(rows, 1) / Math.max(expectedRows, 1)
  return factor < WRONG_BY && factor > 1 / WRONG_BY ? undefined : factor
}

const badEstimate: Judgement = ({ node, parent }) => {
  const factor = estimateFactor(node)
  // Below a Limit rows are left unread, which says nothing about the estimate.
  if (factor === undefined || !node.measured || /Limit/.test(parent?.kind ?? '')) return undefined
  // What only passes a wrong number on is not the place where it went wrong.
  const below = node.children.flatMap(child => estimateFactor(child) ?? [])
  if (below.some(own => own > 1 === factor > 1 && Math.abs(Math.log(factor / own)) < Math.log(WRONG_BY)))
    return undefined
  const rows = node.measured.rows / node.measured.loops
  const by = Math.round(factor > 1 ? factor : 1 / factor).toLocaleString('en')
  return {
    kind: 'bad-estimate',
    severity: 'warning',
    words: `${node.kind}${node.relation ? ` of ${node.relation}` : ''} returned ${many(rows, 'row')} where the planner expected ${expected(node)}: ${by} times ${factor > 1 ? 'more' : 'fewer'}. What is above it was chosen for the wrong number.`,
    nextStep:
      'ANALYZE the table. If it stays wrong, the columns depend on each other (CREATE STATISTICS) or the values are uneven (a larger STATISTICS target).',
  }
}

const spill: Judgement = ({ node: { kind, spilled } }) =>
  spilled === undefined
    ? undefined
    : {
        kind: 'spill',
        severity: 'warning',
        words: `${kind} did not fit into work_mem and wrote ${bytes(spilled)} to disk.`,
        nextStep: `Sort or join fewer rows, have an index give the order, or set a larger work_mem for this statement (SET LOCAL work_mem); each session may use it several times.`,
      }

const nestedLoop: Judgement = ({ node }) => {
  const [outer, inner] = node.children
  if (!node.kind.startsWith('Nested Loop') || !outer || !inner) return undefined
  const loops = inner.measured?.loops ?? outer.expectedRows
  const scans = isScan(inner) || (inner.measured?.removedByFilter ?? 0) > MANY_INNER_ROWS
  const read = inner.measured
    ? inner.measured.rows + inner.measured.removedByFilter
    : inner.expectedRows * outer.expectedRows
  if (loops < MANY_LOOPS || (!scans && read < MANY_INNER_ROWS)) return undefined
  const planned = inner.measured && loops > outer.expectedRows * WRONG_BY
  const surprise = planned ? ` The planner expected ${expected(outer)} there.` : ''
  const took = inner.measured ? `, ${duration(inner.measured.ms)} in all` : ''
  return {
    kind: 'nested-loop',
    severity: 'warning',
    words: `Repeats ${inner.kind}${inner.relation ? ` of ${inner.relation}` : ''} ${many(loops, 'time')}, once for each row of the other side${took}.${surprise}`,
    nextStep: scans
      ? 'An index on the joined column makes each repetition a lookup.'
      : 'Correct the estimate that chose it, or let fewer rows reach the join.',
  }
}

const rowsRemoved: Judgement = ({ node }, tables) => {
  const { measured } = node
  if (!measured || isIndexScan(node)) return undefined
  // Said by the judgement of the scan itself.
  if (isScan(node) && sequentialScan({ node, path: [] }, tables)) return undefined
  if (!mostlyRemoved(node)) return undefined
  return {
    kind: 'rows-removed',
    severity: 'note',
    words: `${node.kind}${node.relation ? ` of ${node.relation}` : ''} read ${many(measured.rows + measured.removedByFilter, 'row')} and discarded ${many(measured.removedByFilter, 'row')} by ${conditionOf(node)}.`,
    nextStep: 'A condition that an index can answer, or that is applied earlier, would read fewer.',
  }
}

const weakIndex: Judgement = ({ node }) => {
  const { measured } = node
  if (!measured || !isIndexScan(node) || !mostlyRemoved(node)) return undefined
  return {
    kind: 'weak-index',
    severity: 'warning',
    words: `${node.index} found ${many(measured.rows + measured.removedByFilter, 'row')}, of which ${many(measured.removedByFilter, 'row')} were discarded by ${maskLiterals(node.filter ?? 'its filter')}.`,
    nextStep: 'An index that also has the columns of that filter would find only the rows that are wanted.',
  }
}

const mostlyRemoved = ({ measured }: PlanNode) =>
  measured !== undefined &&
  measured.removedByFilter >= MANY_REMOVED &&
  measured.removedByFilter / (measured.rows + measured.removedByFilter) >= MOSTLY_REMOVED

const lossyBitmap: Judgement = ({ node: { bitmap, relation, measured } }) =>
  bitmap && bitmap.lossy > 0
    ? {
        kind: 'lossy-bitmap',
        severity: 'warning',
        words: `The bitmap of ${relation} did not fit into work_mem: of ${many(bitmap.lossy + bitmap.exact, 'block')}, ${many(bitmap.lossy, 'was', 'were')} kept without their rows, so that ${many(measured?.removedByRecheck ?? 0, 'row')} had to be checked again and discarded.`,
        nextStep: 'A larger work_mem for this statement (SET LOCAL work_mem), or a condition that finds fewer rows.',
      }
    : undefined

const heapFetches: Judgement = ({ node: { heapFetches: fetches, index, relation, measured } }) =>
  fetches !== undefined && measured && fetches >= MANY_REMOVED && fetches / Math.max(1, measured.rows) > SELECTIVE
    ? {
        kind: 'heap-fetches',
        severity: 'note',
        words: `The index-only scan of ${index} had to read the table for ${many(fetches, 'row')} of ${many(measured.rows, 'row')}, because it is not known whether everyone may see them.`,
        nextStep: `VACUUM ${relation}: it marks the pages on which all rows are visible.`,
      }
    : undefined

const JUDGEMENTS: readonly Judgement[] = [
  sequentialScan,
  badEstimate,
  spill,
  nestedLoop,
  rowsRemoved,
  weakIndex,
  lossyBitmap,
  heapFetches,
]
