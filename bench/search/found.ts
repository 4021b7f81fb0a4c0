import type { Measurement } from '../harness/definition.ts'

export interface SearchInput {
  redisUrl: string
  count: number
}

/** The order that is looked for: of a job in the middle, so that neither end is an advantage. */
export const wantedOf = (count: number) => `order-${count / 2}`

/** The figures of a search, when it found the one job that there is; throws otherwise. */
export function checked(measured: Measurement, found: readonly string[], firstAfter: number): Measurement {
  if (found.length !== 1) throw new Error(`${found.length} jobs were found instead of one`)
  return { ...measured, extra: { ...measured.extra, firstMs: firstAfter } }
}
