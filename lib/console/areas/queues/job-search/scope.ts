import type { Condition, JobCondition, JobState } from '../../../../infrastructure/queue/index.ts'
import type { QueryCondition, ScopeTest } from './condition.ts'

export interface Scope {
  server: string
  /** `prefix:name` */
  queue: string
  /** How the console names it. */
  title: string
  state: JobState
}

/** What is left of a query where server, queue and state are known; true or false where nothing is. */
export function within(condition: QueryCondition, scope: Scope): JobCondition | boolean {
  if ('all' in condition) return joined(condition.all, scope, 'all', false)
  if ('any' in condition) return joined(condition.any, scope, 'any', true)
  if ('not' in condition) {
    const inner = within(condition.not, scope)
    return typeof inner === 'boolean' ? !inner : { not: inner }
  }
  return condition.test === 'scope' ? holds(condition, scope) : condition
}

/** `decides`: the answer of one that settles all of them. */
function joined(
  conditions: readonly QueryCondition[],
  scope: Scope,
  how: 'all' | 'any',
  decides: boolean,
): JobCondition | boolean {
  const open: JobCondition[] = []
  for (const one of conditions) {
    const left = within(one, scope)
    if (left === decides) return decides
    if (typeof left !== 'boolean') open.push(left)
  }
  const [first] = open
  if (first === undefined) return !decides
  if (open.length === 1) return first
  return { [how]: open } as Condition<never> & JobCondition
}

function holds({ field, is, value }: ScopeTest, { server, queue, title, state }: Scope): boolean {
  const own =
    field === 'server' ? [server] : field === 'state' ? [state] : [queue, title, queue.slice(queue.indexOf(':') + 1)]
  const wanted = value.toLowerCase()
  const some = own.some(text => (is === '=' || is === '!=' ? text === value : text.toLowerCase().includes(wanted)))
  return some === (is === '=' || is === '~')
}
