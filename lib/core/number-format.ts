const exact = new Intl.NumberFormat('en', { maximumFractionDigits: 3 })
const units = ['', 'k', 'M', 'G', 'T', 'P'] as const

/** `1,204`, `12,431.5`: every digit. */
export function formatExact(value: number): string {
  return exact.format(value)
}

/** `1,204`, `12.4k`, `3.1M`: four significant characters; whole up to 9,999. What is not quite nothing never reads as nothing. */
export function formatShort(value: number): string {
  if (!Number.isFinite(value)) return '–'
  const size = Math.abs(value)
  if (value > 0 && value < 0.005) return '< 0.01'
  if (size < 10_000)
    return Number.isInteger(value) ? exact.format(value) : trim(value, size < 10 ? 2 : size < 100 ? 1 : 0)
  return scaled(value, 1_000, units)
}

/** `512 B`, `1.5 KiB`, `12.4 MiB`. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return '–'
  if (Math.abs(Math.round(bytes)) < 1_024) return `${Math.round(bytes)} B`
  return scaled(bytes, 1_024, ['', ' KiB', ' MiB', ' GiB', ' TiB', ' PiB'])
}

/** `5.6 %` of a ratio from 0 to 1. A share that is not quite all, or not quite nothing, never reads as if it were. */
export function formatPercent(ratio: number): string {
  if (!Number.isFinite(ratio)) return '–'
  if (ratio > 0 && ratio < 0.001) return '< 0.1 %'
  if (ratio > 0.999 && ratio < 1) return '> 99.9 %'
  return `${trim(ratio * 100, 1)} %`
}

function scaled(value: number, base: number, names: readonly string[]) {
  let step = 0
  let rest = value
  // By what is written: 999,999 is 1M and not 1000k.
  while (Math.abs(Math.round(rest)) >= base && step < names.length - 1) {
    rest /= base
    step++
  }
  return `${trim(rest, Math.abs(rest) < 100 ? 1 : 0)}${names[step]}`
}

function trim(value: number, digits: number) {
  return value.toFixed(digits).replace(/\.0+$/, '')
}
