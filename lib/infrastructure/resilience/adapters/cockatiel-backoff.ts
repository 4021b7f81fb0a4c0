import { decorrelatedJitterGenerator, noJitterGenerator } from 'cockatiel'

export type Backoff = 'constant' | 'linear' | 'exponential' | 'decorrelated-jitter'

interface BackoffOptions {
  kind: Backoff
  initialDelayMs: number
  maxDelayMs: number
}

/** Delays of one call's retries, in ms: each call of what it returns is the next. `exponential` doubles without jitter. */
export function delaysOf({ kind, initialDelayMs, maxDelayMs }: BackoffOptions): () => number {
  if (kind === 'constant') return () => Math.min(initialDelayMs, maxDelayMs)
  if (kind === 'linear') {
    let attempt = 0
    return () => Math.min(initialDelayMs * ++attempt, maxDelayMs)
  }
  const options = { initialDelay: initialDelayMs, maxDelay: maxDelayMs, exponent: 2 }
  if (kind === 'exponential') {
    let attempt: number | undefined
    return () => {
      const [delay, next] = noJitterGenerator(attempt, { ...options, generator: noJitterGenerator })
      attempt = next
      return delay
    }
  }
  let state: [number, number] | undefined
  return () => {
    const [delay, next] = decorrelatedJitterGenerator(state, { ...options, generator: decorrelatedJitterGenerator })
    state = next
    return delay
  }
}
