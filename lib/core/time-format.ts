const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** `850 ms`, `12 s`, `4 min 10 s`, `2 h 5 min`, `3 d 4 h`. Two units at most; negative lengths read as nothing. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return '–'
  const length = Math.max(0, ms)
  // What is not quite nothing never reads as nothing.
  if (length > 0 && length < 0.05) return '< 0.1 ms'
  if (length < SECOND)
    return `${length < 10 && length > 0 ? trimZero(length.toFixed(1)) : Math.min(999, Math.round(length))} ms`
  if (length < 10 * SECOND) return `${trimZero((Math.floor(length / 100) / 10).toFixed(1))} s`
  return formatWhole(length)
}

/** As `formatDuration`, in whole seconds: for what ticks. */
export function formatWhole(ms: number): string {
  const length = Math.max(0, ms)
  if (length < MINUTE) return `${Math.floor(length / SECOND)} s`
  if (length < HOUR) return pair(length, MINUTE, 'min', SECOND, 's')
  if (length < DAY) return pair(length, HOUR, 'h', MINUTE, 'min')
  return pair(length, DAY, 'd', HOUR, 'h')
}

function pair(length: number, large: number, largeName: string, small: number, smallName: string) {
  const whole = Math.floor(length / large)
  const rest = Math.floor((length % large) / small)
  return rest === 0 ? `${whole} ${largeName}` : `${whole} ${largeName} ${rest} ${smallName}`
}

/** `just now`, `12 s ago`, `6 min ago`, `in 2 h`. One unit: the exact time is in the title. */
export function formatRelative(at: number, now: number): string {
  const distance = now - at
  const size = Math.abs(distance)
  if (size < 2 * SECOND) return distance < -SECOND ? 'in 1 s' : 'just now'
  const words =
    size < MINUTE
      ? `${Math.floor(size / SECOND)} s`
      : size < HOUR
        ? `${Math.floor(size / MINUTE)} min`
        : size < 2 * DAY
          ? `${Math.floor(size / HOUR)} h`
          : `${Math.floor(size / DAY)} d`
  return distance > 0 ? `${words} ago` : `in ${words}`
}

/** `2026-03-04 04:02:11 UTC+1`: sortable, with the zone, the same in every language. In the reader's own zone. */
export function formatAbsolute(at: number): string {
  const time = new Date(at)
  const zone =
    new Intl.DateTimeFormat('en', { timeZoneName: 'short' })
      .formatToParts(time)
      .find(part => part.type === 'timeZoneName')?.value ?? ''
  return `${isoDay(time)} ${formatClock(at)} ${zone}`.trim()
}

/** `04:02:11`, in the reader's own zone. */
export function formatClock(at: number): string {
  const time = new Date(at)
  return [time.getHours(), time.getMinutes(), time.getSeconds()].map(twoDigits).join(':')
}

/** `04:02:11` today, and `2026-11-30 04:02:11` on any other day. */
export function formatMoment(at: number, now: number): string {
  const day = isoDay(new Date(at))
  return day === isoDay(new Date(now)) ? formatClock(at) : `${day} ${formatClock(at)}`
}

function isoDay(time: Date) {
  return `${time.getFullYear()}-${twoDigits(time.getMonth() + 1)}-${twoDigits(time.getDate())}`
}

function twoDigits(value: number) {
  return String(value).padStart(2, '0')
}

function trimZero(text: string) {
  return text.replace(/\.0$/, '')
}
