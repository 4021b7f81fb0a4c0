/** So long without a dead letter, and the trouble was over (ms): what «lately» means of a reading. */
const PEACE = 10 * 60_000

interface Dying {
  dyingSince?: number
  lastFailedAt?: number
}

/**
 * Since when jobs of each queue have been dying. A reading knows the first of its last ten minutes; what began before them
 * is remembered for as long as no ten minutes went by in peace.
 */
export function dyingSinces() {
  const known = new Map<string, Required<Dying>>()
  return {
    /** The reading, its `dyingSince` moved back to where the trouble began. */
    of<T extends Dying>(queue: string, reading: T): T {
      const { dyingSince, lastFailedAt } = reading
      if (dyingSince === undefined || lastFailedAt === undefined) {
        known.delete(queue)
        return reading
      }
      const before = known.get(queue)
      const began =
        before && dyingSince - before.lastFailedAt <= PEACE ? Math.min(before.dyingSince, dyingSince) : dyingSince
      known.set(queue, { dyingSince: began, lastFailedAt })
      return { ...reading, dyingSince: began }
    },
    forget: (queue: string) => known.delete(queue),
  }
}
