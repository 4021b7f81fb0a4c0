import { type BulkOptions, RepositoryError } from './port.ts'

const MOST = 10_000

export function chunkSize({ chunk = 1_000 }: BulkOptions): number {
  if (Number.isInteger(chunk) && chunk >= 1 && chunk <= MOST) return chunk
  throw new RepositoryError(`A chunk has 1 to ${MOST} rows`, { code: 'REPOSITORY_VALUE' })
}

export function* chunksOf<T>(values: Iterable<T>, size: number): Iterable<T[]> {
  let rows: T[] = []
  for (const value of values) {
    rows.push(value)
    if (rows.length < size) continue
    yield rows
    rows = []
  }
  if (rows.length > 0) yield rows
}

/** How many rows were written in all; an error says how many were before it. */
export async function writeChunks<T>(
  chunks: Iterable<T[]> | AsyncIterable<T[]>,
  { signal, onProgress }: BulkOptions,
  write: (rows: T[]) => Promise<number>,
): Promise<number> {
  let written = 0
  for await (const rows of chunks) {
    signal?.throwIfAborted()
    try {
      written += await write(rows)
    } catch (error) {
      throw error instanceof RepositoryError ? withWritten(error, written) : error
    }
    onProgress?.(written)
  }
  return written
}

function withWritten(error: RepositoryError, written: number): RepositoryError {
  const { message, code, retryable, nextStep, constraint, cause } = error
  return new RepositoryError(message, {
    code,
    retryable,
    written,
    cause,
    ...(nextStep === undefined ? {} : { nextStep }),
    ...(constraint === undefined ? {} : { constraint }),
  })
}
