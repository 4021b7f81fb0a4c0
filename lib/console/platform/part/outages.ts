/** When each named source was first seen down, so that a page can say since when. */
export interface Outages {
  note(source: string, failed: boolean): number
}

/** The record of one environment, or of the console itself. `now` in ms since the epoch. */
export function outages(now: () => number = Date.now): Outages {
  const since = new Map<string, number>()
  return {
    note(source, failed) {
      if (!failed) since.delete(source)
      else if (!since.has(source)) since.set(source, now())
      return since.get(source) ?? now()
    },
  }
}
