/** After this long without a dead letter the trouble is over (ms); the same as “lately” in a reading. */
const QUIET_AFTER_MS = 10 * 60_000

interface Failing {
  failingSince?: number
  lastFailedAt?: number
}

/**
 * Since when jobs of each queue have been failing for good. A reading knows the first of its last ten minutes; what began before them
 * is remembered until ten minutes have passed without a dead letter.
 */
export function failingSinceTracker() {
  const known = new Map<string, Required<Failing>>()
  return {
    /** The reading, with its `failingSince` moved back to where the trouble began. */
    of<T extends Failing>(queue: string, reading: T): T {
      const { failingSince, lastFailedAt } = reading
      if (failingSince === undefined || lastFailedAt === undefined) {
        known.delete(queue)
        return reading
      }
      const before = known.get(queue)
      const began =
        before && failingSince - before.lastFailedAt <= QUIET_AFTER_MS
          ? Math.min(before.failingSince, failingSince)
          : failingSince
      known.set(queue, { failingSince: began, lastFailedAt })
      return { ...reading, failingSince: began }
    },
    forget: (queue: string) => known.delete(queue),
  }
}
