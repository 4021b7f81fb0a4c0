/** Less than a part or a preview is waited for (ms): a slow Redis makes the number unknown, and the rest is still shown. */
const COUNT_FOR = 1_800

interface Uncounted {
  count?: undefined
  precision: 'unknown'
  sample: string[]
}

/** Counts keys by a walk over them. Where that takes too long, how many there are is unknown. */
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
