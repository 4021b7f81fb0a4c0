import type { QueueMajor, QueueWriter, WorkerClient } from '../../../infrastructure/queue/index.ts'

/** What an operator said of a queue that does not say it itself. */
export interface SaidMajor {
  major: QueueMajor
  by: string
  at: number
  reason: string
}

/** The BullMQ that works on a queue, and how that is known. */
export interface WatchedWriter extends QueueWriter {
  /** Absent where the queue names its version, and where the major is not known. */
  by?: 'traces' | 'workers' | 'operator' | 'siblings'
  said?: SaidMajor
}

interface Clues {
  workers: readonly WorkerClient[]
  said?: SaidMajor | undefined
  /** The majors of the queues under the same prefix that name theirs. */
  siblings: ReadonlySet<QueueMajor>
}

/**
 * Of a queue without a version: what its keys and its workers leave no doubt about comes first, then what an operator said, and at last what all
 * other queues of its prefix are. What is ruled out by its keys is not believed, whoever says it.
 */
export function settleMajor(writer: QueueWriter, { workers, said, siblings }: Clues): WatchedWriter {
  const { major, possible: byKeys } = writer
  if (writer.version !== undefined || !byKeys) return writer
  if (major !== undefined) return { ...writer, by: 'traces' }
  const waiting = workers.flatMap(({ majors }) => (majors ? [majors] : []))
  const byWorkers = byKeys.filter(one => waiting.every(majors => majors.includes(one)))
  const possible = byWorkers.length > 0 ? byWorkers : byKeys
  const known = { possible, ...(said ? { said } : {}) }
  const [only] = possible
  if (only !== undefined && possible.length === 1) return { ...known, major: only, by: 'workers' }
  if (said && possible.includes(said.major)) return { ...known, major: said.major, by: 'operator' }
  const [sibling] = siblings
  if (sibling !== undefined && siblings.size === 1 && possible.includes(sibling))
    return { ...known, major: sibling, by: 'siblings' }
  return { ...writer, ...known }
}

/** How the major of a queue without a version is known, as the end of a sentence about it. */
export function knownHow({ by, said }: WatchedWriter): string | undefined {
  switch (by) {
    case 'traces':
      return 'by its keys and jobs'
    case 'workers':
      return 'by the command with which its workers wait for jobs'
    case 'operator':
      return `as ${said?.by} said`
    case 'siblings':
      return 'as all queues of its prefix that name their version'
    case undefined:
      return undefined
  }
}
