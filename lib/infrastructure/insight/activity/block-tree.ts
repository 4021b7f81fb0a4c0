/** A session and the pids of those it waits for. */
export interface Waiting {
  pid: number
  blockedBy: readonly number[]
}

/** A session in the tree of those who wait: the roots wait for no one. */
export interface BlockNode {
  pid: number
  /** 0: a root. */
  depth: number
  /** The one it is drawn under. */
  parent?: number
  /** Others that it waits for. */
  alsoBlockedBy: number[]
  /** All that wait for it, directly or through others. */
  waiting: number[]
}

/**
 * Who holds up whom, depth first, the root that holds up most first. Everyone stands there once, as near to a root as possible. Sessions
 * that wait for each other, as a deadlock does until Postgres ends it, have no root: the lowest pid of them is taken for one.
 */
export function blockTree(sessions: readonly Waiting[]): BlockNode[] {
  const blockers = new Map(
    sessions.map(({ pid, blockedBy }) => [pid, [...new Set(blockedBy)].filter(by => by !== pid)]),
  )
  for (const pid of [...blockers.values()].flat()) if (!blockers.has(pid)) blockers.set(pid, [])
  const held = new Map<number, number[]>()
  for (const [pid, by] of blockers) for (const blocker of by) held.set(blocker, [...(held.get(blocker) ?? []), pid])

  const waitingFor = (pid: number) => reached(pid, held)
  const size = new Map([...held.keys()].map(pid => [pid, waitingFor(pid).length]))
  const byWeight = (a: number, b: number) => (size.get(b) ?? 0) - (size.get(a) ?? 0) || a - b

  const parents = new Map<number, number | undefined>()
  const spread = (roots: readonly number[]) => {
    let level = roots
    for (const root of roots) parents.set(root, undefined)
    while (level.length > 0) {
      const next: number[] = []
      for (const pid of level)
        for (const child of held.get(pid) ?? []) {
          if (parents.has(child)) continue
          parents.set(child, pid)
          next.push(child)
        }
      level = next
    }
  }
  spread([...held.keys()].filter(pid => blockers.get(pid)?.length === 0).sort(byWeight))
  for (const pid of [...held.keys()].sort((a, b) => a - b)) if (!parents.has(pid)) spread([pid])

  const nodes: BlockNode[] = []
  const visit = (pid: number, depth: number) => {
    const parent = parents.get(pid)
    nodes.push({
      pid,
      depth,
      ...(parent === undefined ? {} : { parent }),
      alsoBlockedBy: (blockers.get(pid) ?? []).filter(by => by !== parent),
      waiting: waitingFor(pid),
    })
    for (const child of [...parents].flatMap(([child, under]) => (under === pid ? [child] : [])).sort(byWeight))
      visit(child, depth + 1)
  }
  for (const [pid] of [...parents].filter(([, parent]) => parent === undefined).sort(([a], [b]) => byWeight(a, b)))
    visit(pid, 0)
  return nodes
}

/** All that can be reached from it, without itself. */
function reached(from: number, edges: ReadonlyMap<number, readonly number[]>): number[] {
  const seen = new Set([from])
  const open = [from]
  for (let pid = open.pop(); pid !== undefined; pid = open.pop())
    for (const next of edges.get(pid) ?? [])
      if (!seen.has(next)) {
        seen.add(next)
        open.push(next)
      }
  seen.delete(from)
  return [...seen]
}
