import { formatClock } from '@/components/status/time-format'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const day = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric' })

/** `04:02` within a day, `Mar 4 04:00` within some days, `Mar 4` beyond: what tells two ticks apart. */
export function formatAxisTime(at: number, { from, to }: { from: number; to: number }): string {
  const length = to - from
  if (length <= 10 * 60_000) return formatClock(at)
  if (length <= DAY + HOUR) return formatClock(at).slice(0, 5)
  return length <= 3 * DAY ? `${day.format(at)} ${formatClock(at).slice(0, 5)}` : day.format(at)
}
