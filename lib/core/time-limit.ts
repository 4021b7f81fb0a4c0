/**
 * The promise's outcome, or a rejection with `Command timed out` after `ms`. What the promise stands for is not stopped: it may
 * still take effect.
 */
export function withinTime<T>(promise: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(Object.assign(new Error('Command timed out'), { code: 'ETIMEDOUT' }))
    const timer = setTimeout(late, ms)
    promise.then(
      value => {
        clearTimeout(timer)
        resolve(value)
      },
      error => {
        clearTimeout(timer)
        reject(error)
      },
    )
  })
}
