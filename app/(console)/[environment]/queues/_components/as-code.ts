import type { JobView } from '@/lib/console/areas/queues/views/job'

/** Options that BullMQ's `add` takes under the same name. */
const ADDED = ['attempts', 'backoff', 'delay', 'priority', 'lifo', 'removeOnComplete', 'removeOnFail']

/** The call that adds such a job: `await queue.add(…)`. Undefined where its payload is not whole, hidden, or nested too deep. */
export function asCode({ name, data, options }: Pick<JobView, 'name' | 'data' | 'options'>): string | undefined {
  if (data.text === undefined || data.cut || 'redacted' in data) return
  const payload = parsed(data.text)
  if (payload === undefined) return
  const all = parsed(options.text ?? '{}')
  const kept = Object.entries(typeof all === 'object' && all !== null ? all : {}).filter(
    ([option, value]) => ADDED.includes(option) && value !== 0,
  )
  const args = [name, payload, ...(kept.length > 0 ? [Object.fromEntries(kept)] : [])]
  try {
    return `await queue.add(${args.map(arg => JSON.stringify(arg, null, 2)).join(', ')})\n`
  } catch {
    // Nested deeper than can be written again.
    return
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return
  }
}
