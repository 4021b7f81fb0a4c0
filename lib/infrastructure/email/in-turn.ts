/** Runs works so many at a time, and settles them in their order. */
export async function inTurn<T>(
  works: readonly (() => Promise<T>)[],
  concurrency: number,
): Promise<PromiseSettledResult<T>[]> {
  const settled: PromiseSettledResult<T>[] = new Array(works.length)
  let next = 0
  async function workThrough(): Promise<void> {
    while (next < works.length) {
      const n = next++
      ;[settled[n]] = (await Promise.allSettled([works[n]?.()])) as [PromiseSettledResult<T>]
    }
  }
  await Promise.all(Array.from({ length: Math.min(concurrency, works.length) }, workThrough))
  return settled
}
