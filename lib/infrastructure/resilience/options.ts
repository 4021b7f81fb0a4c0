import { type BreakerOptions, BreakerOptionsError, type BreakerRules } from './port.ts'

/** Options are compared as text; functions and classes by their source. */
export function fingerprint({ policy, ...rest }: BreakerOptions): string {
  const sorted = (value: object) =>
    Object.entries(value)
      .filter(([, v]) => v !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
  const asText = (_key: string, value: unknown) => (typeof value === 'function' ? String(value) : value)
  return JSON.stringify([sorted(rest), sorted(policy)], asText)
}

export function refuseImpossible(options: BreakerOptions): void {
  const { name, slowCallMs, slowCallsFail } = options
  if (name === '') throw new BreakerOptionsError('A breaker needs a name')
  refuseImpossibleDurations(name, options)
  if (slowCallMs !== undefined && !(slowCallMs > 0))
    throw new BreakerOptionsError(`${name}: slowCallMs must be more than 0, got ${slowCallMs}`)
  if (slowCallsFail && slowCallMs === undefined)
    throw new BreakerOptionsError(`${name}: slowCallsFail needs slowCallMs, from which a call is slow`)
}

export function refuseImpossibleDurations(name: string, { halfOpenAfterMs, timeoutMs }: Partial<BreakerRules>): void {
  if (halfOpenAfterMs !== undefined && !(halfOpenAfterMs >= 0))
    throw new BreakerOptionsError(`${name}: halfOpenAfterMs must be 0 or more, got ${halfOpenAfterMs}`)
  if (timeoutMs !== undefined && !(timeoutMs > 0))
    throw new BreakerOptionsError(`${name}: timeoutMs must be more than 0, got ${timeoutMs}`)
}
