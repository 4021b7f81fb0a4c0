/** Neighbours on the axis of time that would lie over each other. */
export interface Cluster<T> {
  /** The place of the first of them, from 0 to 1. */
  share: number
  members: T[]
}

/** In the order of time; what is nearer to the first of a cluster than `least` (a share of the axis) belongs to it. */
export function clustersOf<T>(items: readonly T[], shareOf: (item: T) => number, least: number): Cluster<T>[] {
  const clusters: Cluster<T>[] = []
  const placed = items.map(item => ({ item, share: shareOf(item) })).filter(({ share }) => share >= 0 && share <= 1)
  for (const { item, share } of placed.sort((a, b) => a.share - b.share)) {
    const last = clusters.at(-1)
    if (last && share - last.share < least) last.members.push(item)
    else clusters.push({ share, members: [item] })
  }
  return clusters
}

/** Of things that want words, those that get them: the weightiest first, and none so near to one of those that their words would meet. */
export function withRoom<T>(
  items: readonly T[],
  { shareOf, weightOf, least }: { shareOf: (item: T) => number; weightOf: (item: T) => number; least: number },
): ReadonlySet<T> {
  const chosen = new Set<T>()
  for (const item of items.toSorted((a, b) => weightOf(b) - weightOf(a)))
    if ([...chosen].every(other => Math.abs(shareOf(other) - shareOf(item)) >= least)) chosen.add(item)
  return chosen
}
