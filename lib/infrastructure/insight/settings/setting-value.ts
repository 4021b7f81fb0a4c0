const KIB = 1_024
const BYTES: Readonly<Record<string, number>> = { B: 1, kB: KIB, '8kB': 8 * KIB, MB: KIB ** 2, GB: KIB ** 3 }
const MILLIS: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

const BYTE_STEPS: readonly [string, number][] = [
  ['GB', KIB ** 3],
  ['MB', KIB ** 2],
  ['kB', KIB],
]
const TIME_STEPS: readonly [string, number][] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
  ['ms', 1],
]

/** A value of pg_settings as SHOW writes it: 16384 of `8kB` is `128MB`. Zero and special values such as -1 stay bare. */
export function settingText(value: string, unit: string | undefined): string {
  const amount = Number(value)
  const scale = unit === undefined ? undefined : (BYTES[unit] ?? MILLIS[unit])
  if (unit === undefined || scale === undefined || !(amount > 0)) return value
  const [name, size] = (unit in BYTES ? BYTE_STEPS : TIME_STEPS).find(([, size]) => (amount * scale) % size === 0) ?? [
    unit,
    scale,
  ]
  return `${(amount * scale) / size}${name}`
}

/** In bytes, of a setting that is an amount of memory. */
export const settingBytes = (value: string, unit: string | undefined): number =>
  Number(value) * (BYTES[unit ?? 'B'] ?? 1)

/** In ms, of a setting that is a time. */
export const settingMillis = (value: string, unit: string | undefined): number =>
  Number(value) * (MILLIS[unit ?? 'ms'] ?? 1)
