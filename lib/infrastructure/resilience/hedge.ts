import type { CallContext, Execution } from './port.ts'

export interface HedgeOptions {
  /** How long a call may take before another is started beside it, in ms: its 95th percentile is a good beginning. */
  afterMs: number
  /** Calls started beside the first at most; 1 when absent. */
  most?: number
}

export interface HedgeReport {
  afterMs: number
  most: number
  /** Since the start: calls for which another was started, and those that the other answered first. */
  hedged: number
  won: number
}

export interface Hedge extends Execution {
  report(): HedgeReport
}

/**
 * Starts a call again when it is slow, takes the first answer and aborts the rest. Only for calls that may be made twice. Rejects with
 * the first call's error once all have failed; a failure starts nothing, since that is what a retry is for.
 */
export function createHedge({ afterMs, most = 1 }: HedgeOptions): Hedge {
  let hedged = 0
  let won = 0
  return {
    async execute<T>(call: (context: CallContext) => Promise<T> | T, { signal }: { signal?: AbortSignal } = {}) {
      signal?.throwIfAborted()
      return new Promise<T>((resolve, reject) => {
        const running = new Set<AbortController>()
        let started = 0
        let timer: NodeJS.Timeout | undefined
        let first: { error: unknown } | undefined
        const end = (settle: () => void) => {
          clearTimeout(timer)
          signal?.removeEventListener('abort', onAbort)
          for (const other of running) other.abort(new Error('Another call answered first'))
          running.clear()
          settle()
        }
        const onAbort = () => {
          for (const each of running) each.abort(signal?.reason)
          end(() => reject(signal?.reason))
        }
        const start = () => {
          const index = started++
          const own = new AbortController()
          running.add(own)
          if (started <= most) timer = setTimeout(start, afterMs)
          if (index === 1) hedged++
          attempt(call, own.signal).then(
            value => {
              if (!running.delete(own)) return
              if (index > 0) won++
              end(() => resolve(value))
            },
            error => {
              if (!running.delete(own)) return
              if (index === 0 || !first) first = { error }
              const failed = first
              if (running.size === 0) end(() => reject(failed.error))
            },
          )
        }
        signal?.addEventListener('abort', onAbort, { once: true })
        start()
      })
    },
    report: () => ({ afterMs, most, hedged, won }),
  }
}

async function attempt<T>(call: (context: CallContext) => Promise<T> | T, signal: AbortSignal): Promise<T> {
  return call({ signal })
}
