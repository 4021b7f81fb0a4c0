import type { Timings } from '../scheduler/index.ts'
import type { Preferences } from './preferences.ts'

const DAY = 86_400_000

/**
 * When the quiet hours end in which a moment falls (ms since the epoch), or undefined outside of them. They begin and end by the clock of the zone: in the
 * night in which it changes they are an hour shorter or longer, and a time that is skipped is taken when the clock has passed it.
 */
export function quietUntil(
  { nextAfter }: Pick<Timings, 'nextAfter'>,
  quietHours: Preferences['quietHours'],
  timeZone: string,
  now: number,
): number | undefined {
  if (!quietHours || quietHours.from === quietHours.to) return undefined
  const next = (time: string, after: number) => {
    const [hour, minute] = time.split(':').map(Number)
    return nextAfter({ cron: `${minute} ${hour} * * *`, timeZone }, after)
  }
  const end = next(quietHours.to, now)
  if (end === undefined) return undefined
  // They have begun if, of the beginnings since more than a day ago, the last one is later than the last end.
  let [began, ended] = [0, 0]
  for (let at = next(quietHours.from, now - 2 * DAY); at !== undefined && at <= now; at = next(quietHours.from, at))
    began = at
  for (let at = next(quietHours.to, now - 2 * DAY); at !== undefined && at <= now; at = next(quietHours.to, at))
    ended = at
  return began > ended ? end : undefined
}
