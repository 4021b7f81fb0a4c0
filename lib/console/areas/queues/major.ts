import type { QueueMajor, QueueWriter, WorkerClient } from '../../../infrastructure/queue/index.ts'

/** The major that an operator set for a queue that does not name it. */
export interface MajorSetting {
  major: QueueMajor
  by: string
  at: number
  reason: string
}

/** The BullMQ that works on a queue, and how that is known. */
export interface WatchedWriter extends QueueWriter {
  /** Absent where the queue names its version, and where the major is not known. */
  by?: 'traces' | 'workers' | 'operator' | 'siblings'
  setting?: MajorSetting
}

interface Clues {
  workers: readonly WorkerClient[]
  setting?: MajorSetting | undefined
  /** The majors of the queues under the same prefix that name theirs. */
  siblings: ReadonlySet<QueueMajor>
}

/**
 * For a queue without a version: first the major that its keys and workers prove, then the one that an operator set, and last the one of all
 * other queues of its prefix. A major that its keys rule out is never used.
 */
export function settleMajor(writer: QueueWriter, { workers, setting, siblings }: Clues): WatchedWriter {
  const { major, possible: byKeys } = writer
  if (writer.version !== undefined || !byKeys) return writer
  if (major !== undefined) return { ...writer, by: 'traces' }
  const waiting = workers.flatMap(({ majors }) => (majors ? [majors] : []))
  const byWorkers = byKeys.filter(one => waiting.every(majors => majors.includes(one)))
  const possible = byWorkers.length > 0 ? byWorkers : byKeys
  const known = { possible, ...(setting ? { setting } : {}) }
  const [only] = possible
  if (only !== undefined && possible.length === 1) return { ...known, major: only, by: 'workers' }
  if (setting && possible.includes(setting.major)) return { ...known, major: setting.major, by: 'operator' }
  const [sibling] = siblings
  if (sibling !== undefined && siblings.size === 1 && possible.includes(sibling))
    return { ...known, major: sibling, by: 'siblings' }
  return { ...writer, ...known }
}

/** How the major of a queue without a version is known, as the end of a sentence about it. */
export function knownHow({ by, setting }: WatchedWriter): string | undefined {
  switch (by) {
    case 'traces':
      return 'known by its keys and jobs'
    case 'workers':
      return 'known by the command with which its workers wait for jobs'
    case 'operator':
      return `set by ${setting?.by}`
    case 'siblings':
      return 'like all queues of its prefix that name their version'
    case undefined:
      return undefined
  }
}
