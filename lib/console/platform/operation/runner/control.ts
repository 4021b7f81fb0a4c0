import { setTimeout as pause } from 'node:timers/promises'
import { operationRun } from '../../../../../drizzle/schema/index.ts'
import { InfrastructureError } from '../../../../core/errors.ts'
import type { RunControl } from '../define.ts'
import type { Run } from '../wire.ts'
import { priorItems, writeItem } from './ledger.ts'
import type { RunnerParts } from './port.ts'
import type { RunRow } from './run-row.ts'
import { stillOurs } from './runs.ts'

/** How long writing a ledger line is retried while the console's Postgres is unsteady (ms); after that each line is tried once until one is written. */
const LEDGER_WAIT_MS = 5_000
const TRY_EVERY = 200
/** The least time between two writes of progress (ms): steps may take a millisecond, and no one reads that fast. */
const PROGRESS_EVERY = 100

/** What a run uses to report about itself. `reported` resolves once its last reported progress is written. */
export async function controlOf(
  parts: RunnerParts,
  row: RunRow,
  signal: AbortSignal,
): Promise<{ control: RunControl; reported(): Promise<void> }> {
  const { store } = parts
  const announce = announcer(parts, row)
  const write = ledgerWriter(parts, row)
  const progress = progressWriter(parts, row, announce)
  const control: RunControl = {
    runId: row.id,
    actor: { id: row.actorId, name: row.actorName },
    reason: row.reason ?? undefined,
    confirmed: row.payload?.confirmed,
    signal,
    prior: await priorItems(store.db, row.id),
    ...(row.begunAt ? { resumed: { done: (row.progress as Run['progress'])?.done ?? 0 } } : {}),
    progress: progress.write,
    async item(...line) {
      const written = await write(...line)
      if (written) announce()
      return written
    },
  }
  return { control, reported: progress.last }
}

/** One write at a time, or an older one could come last; of what is reported during a write only the latest counts. */
function progressWriter({ store }: RunnerParts, row: RunRow, announce: () => void) {
  let latest: Run['progress']
  let writing: Promise<void> | undefined
  const over = new AbortController()

  async function writeOn() {
    while (latest) {
      const progress = latest
      latest = undefined
      // Progress is a courtesy: a failed write of it must not fail the act.
      await store.db
        .update(operationRun)
        .set({ progress })
        .where(stillOurs(row))
        .then(announce, () => {})
      await pause(PROGRESS_EVERY, undefined, { signal: over.signal }).catch(() => {})
    }
    writing = undefined
  }

  return {
    write(progress: NonNullable<Run['progress']>) {
      latest = progress
      writing ??= writeOn()
    },
    async last() {
      over.abort()
      await writing
    },
  }
}

/** The act continues at its target even while the console's Postgres is down, so a line that cannot be written must not end it. */
function ledgerWriter({ store, logger }: RunnerParts, row: RunRow): RunControl['item'] {
  let givenUp = false
  return async (key, status, message, range) => {
    const until = performance.now() + LEDGER_WAIT_MS
    for (;;) {
      try {
        await writeItem(store.db, row.id, key, status, message, range)
        givenUp = false
        return true
      } catch (error) {
        const again = error instanceof InfrastructureError && error.retryable
        if (again && !givenUp && performance.now() < until) {
          await pause(TRY_EVERY)
          continue
        }
        if (!givenUp) logger.warn('a line of the ledger could not be written', { error, run: row.id, key })
        givenUp = true
        return false
      }
    }
  }
}

/** The last of several changes must be announced too, or pages show a slow act as it was before. */
function announcer({ store }: RunnerParts, row: RunRow): () => void {
  let announcedAt = Number.NEGATIVE_INFINITY
  let waiting = false
  const announce = () => {
    const left = announcedAt + 500 - performance.now()
    if (left > 0) {
      if (waiting) return
      waiting = true
      setTimeout(() => {
        waiting = false
        announce()
      }, left).unref()
      return
    }
    announcedAt = performance.now()
    store.notify(row.environment, ['runs']).catch(() => {})
  }
  return announce
}
