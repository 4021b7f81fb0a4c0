/** The deadline passed before the work was done. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError'
}

/**
 * Runs the work with a signal that aborts after `ms`, or with `outer`, and rejects then even if the work ignores the
 * signal. The work may still go on; `late` is called when it succeeds after all.
 */
export async function withDeadline<T>(
  what: string,
  ms: number,
  work: (signal: AbortSignal) => T | Promise<T>,
  options: { outer?: AbortSignal; late?: () => void } = {},
): Promise<T> {
  const { outer, late } = options
  const controller = new AbortController()
  const end = (message: string) => controller.abort(new DeadlineError(message))
  const outerEnds = () => end('the program is shutting down')
  // No time left: the work is still called, with a signal that is already aborted.
  if (ms <= 0) end(`${what} was not waited for`)
  outer?.addEventListener('abort', outerEnds)
  const timer = setTimeout(() => end(`${what} did not finish within ${ms} ms`), ms)
  const { signal } = controller
  let over = false
  const ended = new Promise<never>((_, reject) => {
    const give = () => {
      over = true
      reject(signal.reason)
    }
    if (signal.aborted) give()
    else signal.addEventListener('abort', give)
  })
  try {
    const running = (async () => work(signal))()
    running.then(
      () => over && late?.(),
      () => {},
    )
    return await Promise.race([running, ended])
  } finally {
    clearTimeout(timer)
    outer?.removeEventListener('abort', outerEnds)
  }
}
