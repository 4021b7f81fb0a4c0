import type { Clock } from '../../core/clock.ts'
import { messageOf } from '../../core/errors.ts'
import { maskUrl } from '../config/index.ts'
import { withDeadline } from './deadline.ts'
import type { Running } from './lifecycle.ts'
import type { PartStatus, StopReport } from './port.ts'

const DEFAULT_STOP_TIMEOUT_MS = 5000

/** Stops each part after all that need it have stopped, side by side where nothing orders them. Never rejects. */
export async function shutDown(
  parts: readonly Running[],
  options: {
    deadlineMs: number
    clock: Clock
    set: (running: Running, change: Pick<PartStatus, 'state' | 'reason'>) => void
  },
): Promise<StopReport> {
  const { deadlineMs, clock, set } = options
  const began = clock.monotonic()
  const report: StopReport = { durationMs: 0, stopped: [], failed: [] }
  const ends = new Map<string, Promise<void>>()

  async function end(running: Running): Promise<void> {
    const dependants = parts.filter(({ part: { needs = [], requires = [] } }) =>
      [...needs, ...requires].includes(running.name),
    )
    await Promise.all(dependants.map(({ name }) => ends.get(name)))
    if (!running.created && !running.creation) return set(running, { state: 'stopped' })
    set(running, { state: 'stopping' })
    const left = Math.max(0, Math.floor(deadlineMs - (clock.monotonic() - began)))
    const ms = Math.min(left, running.part.stopTimeoutMs ?? DEFAULT_STOP_TIMEOUT_MS)
    try {
      await withDeadline(running.name, ms, async signal => {
        // What a creation under way returns must be closed too.
        const made =
          running.created ??
          (await running.creation?.then(
            value => ({ value }),
            () => undefined,
          ))
        if (made) await running.part.stop?.(made.value, signal)
      })
      report.stopped.push(running.name)
      set(running, { state: 'stopped' })
    } catch (error) {
      const reason = left === 0 ? `its turn came after the deadline of ${deadlineMs} ms` : maskUrl(messageOf(error))
      report.failed.push({ name: running.name, reason })
      set(running, { state: 'stopped', reason })
    }
  }

  // Dependants were added later: in reverse order their promises exist before they are awaited.
  for (const running of [...parts].reverse()) ends.set(running.name, end(running))
  await Promise.all(ends.values())
  report.durationMs = clock.monotonic() - began
  return report
}
