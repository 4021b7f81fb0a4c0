import { parseJson } from '../../../core/json.ts'

/** The stack of the last attempt, from the JSON text in which BullMQ keeps all of them. */
export function lastStack(text: string | undefined): string | undefined {
  const stacks = parseJson(text)
  const last = Array.isArray(stacks) ? stacks.at(-1) : undefined
  return typeof last === 'string' ? last : undefined
}
