import type { Plan, PlanNode } from './port.ts'

export interface PlacedNode {
  node: PlanNode
  path: readonly number[]
  parent?: PlanNode
}

/** Every node of a plan, parents first. */
export function* nodesOf(plan: Plan): Generator<PlacedNode> {
  function* below(node: PlanNode, path: readonly number[], parent?: PlanNode): Generator<PlacedNode> {
    yield { node, path, ...(parent ? { parent } : {}) }
    for (const [index, child] of node.children.entries()) yield* below(child, [...path, index], node)
  }
  yield* below(plan.root, [])
}
