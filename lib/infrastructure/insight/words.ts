/** `1,204 rows`. */
export function many(count: number, one: string, several = `${one}s`): string {
  const whole = Math.round(count)
  return `${whole.toLocaleString('en')} ${whole === 1 ? one : several}`
}

/** `8 kB`, `1.2 GB`, as Postgres' pg_size_pretty counts: by 1,024. */
export function bytes(size: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  let value = size
  let unit = 0
  while (value >= 1_024 && unit < units.length - 1) {
    value /= 1_024
    unit++
  }
  return `${value >= 10 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`
}

/** `1.5 s`, `12 ms`. */
export function duration(ms: number): string {
  if (ms >= 1_000) return `${(ms / 1_000).toFixed(1)} s`
  return ms >= 10 ? `${Math.round(ms)} ms` : `${ms.toFixed(2)} ms`
}

/** `4 %`. */
export function share(part: number): string {
  const percent = part * 100
  return `${percent > 0 && percent < 1 ? percent.toFixed(1) : Math.round(percent)} %`
}

/** An identifier as Postgres' own `quote_ident` writes it, keywords aside: those are quoted too, which is always right. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
