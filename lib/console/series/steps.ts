/** The length of a step (ms). Steps are numbered, so that each is a small whole number. */
export const STEP = 10_000
/** A process reads its metrics every ten seconds and writes them within two; a step is whole when both have passed (ms). */
export const SETTLED_AFTER = 14_000
export const MINUTE = 60_000
export const DAY = 86_400_000
export const KEPT_STEPS = 2 * DAY
export const KEPT_MINUTES = 30 * DAY

export function stepOf(at: number): number {
  return Math.floor(at / STEP)
}
