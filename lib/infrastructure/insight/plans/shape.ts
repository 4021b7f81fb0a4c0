import { createHash } from 'node:crypto'
import type { Plan, PlanNode } from './port.ts'

/**
 * What stays the same while the plan is the same: kinds, tables, indexes and how rows are found; not costs, rows or values. Two plans of
 * a statement with different shapes are a plan change.
 */
export function planShape(plan: Plan): string {
  return createHash('sha256').update(describe(plan.root)).digest('base64url').slice(0, 16)
}

function describe(node: PlanNode): string {
  // How many processes take part may differ from run to run.
  const kind = node.kind.replace(/^Parallel /, '')
  const below = node.children.map(describe).join(',')
  if (kind === 'Gather' || kind === 'Gather Merge') return below
  return `${kind} ${node.relation ?? ''} ${node.index ?? ''} (${below})`
}

/** The plan in one line, for lists: `Nested Loop (Seq Scan orders, Index Scan customer_pkey)`. */
export function planLine(plan: Plan): string {
  const line = (node: PlanNode): string => {
    const named = [node.kind, node.index ?? node.relation].filter(Boolean).join(' ')
    if (node.children.length === 0) return named
    return `${named} (${node.children.map(line).join(', ')})`
  }
  return line(plan.root)
}
