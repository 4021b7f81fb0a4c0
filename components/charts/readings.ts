import type { ChartLine } from '@/components/charts/chart-series'

export interface LineReading {
  id: string
  label: string
  words: string
}

/** What each line says in one step, in words. */
export function readingsOf(
  lines: readonly ChartLine[],
  index: number | undefined,
  format: (value: number) => string,
): LineReading[] {
  return lines.map(({ id, label, values }) => {
    const value = index === undefined ? undefined : values?.[index]
    return { id, label, words: values === undefined ? 'not measured' : value == null ? 'no sample' : format(value) }
  })
}
