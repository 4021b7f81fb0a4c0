/** Shorter than a part or a preview may take (ms): on a slow Redis the number is unknown, and the rest is still shown. */
const COUNT_FOR = 1_800

interface Uncounted {
  count?: undefined
  precision: 'unknown'
  sample: string[]
}

/** Counts keys by a scan. Where that takes too long, the number is unknown. */
export async function countWithin<Counted>(
  count: (signal: AbortSignal) => Promise<Counted>,
): Promise<Counted | Uncounted> {
  try {
    return await count(AbortSignal.timeout(COUNT_FOR))
  } catch (error) {
    if ((error as Error).name === 'TimeoutError') return { precision: 'unknown', sample: [] }
    throw error
  }
}
