import type { Refusal } from '@/lib/console/platform/operation/wire'

const SHORTEST_REASON = 3
const REASON_NEEDED = 'Say why: it is recorded with the act.'

/** What is wrong with a reason before it is sent; undefined: nothing. An optional one may be left out. */
export function reasonProblem(input: object, required: boolean): Refusal | undefined {
  const { reason } = input as { reason?: unknown }
  const text = typeof reason === 'string' ? reason.trim() : ''
  if (text.length >= SHORTEST_REASON || (text === '' && !required)) return undefined
  if (text === '') return refusal('A reason is needed.', REASON_NEEDED)
  return refusal('The reason is too short.', `Say a little more: at least ${SHORTEST_REASON} characters.`)
}

const refusal = (message: string, reason: string): Refusal => ({ code: 'invalid', message, fields: { reason } })

/** The preview was refused only because fields are still empty: nothing that anyone did wrong. */
export function isUnfilled({ code, fields }: Refusal, input: object): boolean {
  const paths = Object.keys(fields ?? {})
  return code === 'invalid' && paths.length > 0 && paths.every(path => isEmpty(valueAt(input, path)))
}

const isEmpty = (value: unknown) => value === '' || Number.isNaN(value)

function valueAt(input: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined,
      input,
    )
}
