import type { Rule } from './rule.ts'

/** What one process saw in one step. Null: nothing was measured. */
export interface Step {
  at: number
  calls: number
  failures: number
}

export interface Opening {
  /** Begin of the step in which it would have opened, and the end of the one in which a probe would have closed it again; absent: still open at the end. */
  at: number
  until?: number
  /** What was compared with the threshold then. */
  calls: number
  failures: number
}

export interface Replayed {
  openings: Opening[]
  /** Steps in which it would have been open, of those measured. */
  openSteps: number
  measured: number
}

/**
 * When a rule would have opened, from counts in steps. Within a step the order of calls is not known: failures in a row are
 * counted over steps in which nothing succeeded, so that `consecutive` opens no more often than it would have. A probe
 * succeeds in a step in which at most half of the calls failed. The time between two probes is never less than a step.
 */
export function replayRule(
  steps: readonly (Step | null)[],
  rule: Rule,
  { stepMs, halfOpenAfterMs }: { stepMs: number; halfOpenAfterMs: number },
): Replayed {
  const openings: Opening[] = []
  let window: Step[] = []
  let open: Opening | undefined
  let probeAt = 0
  let openSteps = 0
  let measured = 0
  for (const step of steps) {
    if (step === null) {
      window = []
      continue
    }
    measured++
    if (open) {
      openSteps++
      if (step.at < probeAt || step.calls === 0) continue
      if (step.failures * 2 > step.calls) probeAt = step.at + Math.max(stepMs, halfOpenAfterMs)
      else {
        open.until = step.at + stepMs
        open = undefined
        window = []
      }
      continue
    }
    window = [...window, step].filter(({ at }) => at > step.at - spanOf(rule, stepMs))
    const counted = countsOf(rule, window)
    if (!isOver(rule, counted)) continue
    open = { at: step.at, ...counted }
    openings.push(open)
    openSteps++
    probeAt = step.at + Math.max(stepMs, halfOpenAfterMs)
  }
  return { openings, openSteps, measured }
}

/** How far back a rule looks, in ms. */
function spanOf(rule: Rule, stepMs: number): number {
  return rule.kind === 'sampling' ? Math.max(stepMs, rule.durationMs) : Number.POSITIVE_INFINITY
}

function countsOf(rule: Rule, window: readonly Step[]): { calls: number; failures: number } {
  let calls = 0
  let failures = 0
  for (const step of window.toReversed()) {
    if (rule.kind === 'consecutive' && step.failures < step.calls) break
    if (rule.kind === 'count' && calls + step.calls > rule.size) {
      // The rest of the last so many calls, as they are spread over the step.
      const share = step.calls === 0 ? 0 : (rule.size - calls) / step.calls
      return { calls: rule.size, failures: Math.round(failures + step.failures * share) }
    }
    calls += step.calls
    failures += step.failures
  }
  return { calls: Math.round(calls), failures: Math.round(failures) }
}

function isOver(rule: Rule, { calls, failures }: { calls: number; failures: number }): boolean {
  if (rule.kind === 'consecutive') return failures >= rule.failures
  const least =
    rule.kind === 'count'
      ? (rule.minimumCalls ?? rule.size)
      : Math.max(1, Math.ceil(((rule.minimumRps ?? 10_000 / rule.durationMs) * rule.durationMs) / 1_000 - 1e-6))
  return calls >= least && failures > 0 && failures / calls > rule.threshold
}
