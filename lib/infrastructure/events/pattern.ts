import { EventsError } from './port.ts'

/** `order.*` matches one part, `**` any number of parts, also none. Throws EventsError `EVENTS_OPTIONS` for what is no pattern. */
export function matcherOf(pattern: string): (type: string) => boolean {
  if (!/^(?:[a-z0-9_-]+|\*{1,2})(?:\.(?:[a-z0-9_-]+|\*{1,2}))*$/.test(pattern))
    throw new EventsError(`${JSON.stringify(pattern)} is not a pattern of events`, {
      code: 'EVENTS_OPTIONS',
      nextStep: 'Write a type, or * for one part of it and ** for any number: order.paid, order.*, order.**.',
    })
  const parts = pattern.split('.')
  return type => matches(parts, type.split('.'))
}

function matches([part, ...parts]: readonly string[], type: readonly string[]): boolean {
  if (part === undefined) return type.length === 0
  if (part === '**') return matches(parts, type) || (type.length > 0 && matches(['**', ...parts], type.slice(1)))
  return type.length > 0 && (part === '*' || part === type[0]) && matches(parts, type.slice(1))
}

/** Whether one of them matches. */
export function anyOf(patterns: readonly string[]): (type: string) => boolean {
  const matchers = patterns.map(matcherOf)
  return type => matchers.some(matches => matches(type))
}
