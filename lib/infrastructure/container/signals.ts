import type { StopReport } from './port.ts'

/** The part of `process` that is used; a test passes its own. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown
  off(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown
  exit(code: number): unknown
}

export interface SignalOptions {
  signals?: readonly NodeJS.Signals[]
  deadlineMs?: number
  /** Called at the first signal, before anything stops, e.g. to turn readiness off. */
  onSignal?: (signal: NodeJS.Signals) => void
  /** Called when everything has stopped, before the exit. */
  onStopped?: (report: StopReport) => void
  source?: SignalSource
}

/**
 * Stops the container at the first SIGTERM or SIGINT and then exits: 0 when all stopped, 1 when something did not. A
 * second signal exits at once with 1. Returns a function that removes the listeners.
 */
export function stopOnSignal(
  container: { stop(options?: { deadlineMs?: number }): Promise<StopReport> },
  options: SignalOptions = {},
): () => void {
  const { signals = ['SIGTERM', 'SIGINT'], deadlineMs, onSignal, onStopped, source = process } = options
  let stopping = false

  async function listener(signal: NodeJS.Signals) {
    if (stopping) {
      source.exit(1)
      return
    }
    stopping = true
    onSignal?.(signal)
    const report = await container.stop({ deadlineMs })
    onStopped?.(report)
    source.exit(report.failed.length > 0 ? 1 : 0)
  }

  for (const signal of signals) source.on(signal, listener)
  return () => {
    for (const signal of signals) source.off(signal, listener)
  }
}
