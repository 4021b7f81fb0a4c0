/**
 * The promise's outcome, or a rejection with `Command timed out` after `ms`. What the promise stands for is not stopped: it may
 * still take effect.
 */
export async function withinTime<T>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error('Command timed out'), { code: 'ETIMEDOUT' })), ms)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
