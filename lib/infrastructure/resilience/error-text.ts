import { messageOf } from '../../core/errors.ts'

/** Characters kept of a breaker's last failure; a console refuses reports with more than 2,000. */
export const LONGEST_MESSAGE = 1_000

/** The `code` of an error as text, where it has one: `ECONNREFUSED`, `23505`. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return
  const { code } = error
  return typeof code === 'string' || typeof code === 'number' ? String(code) : undefined
}

/** The message of anything that was thrown, cut. Never throws: the caller must get the error of its call. */
export function textOf(thrown: unknown, length: number): string {
  try {
    return cut(String(messageOf(thrown)), length)
  } catch {
    return 'An error that cannot be shown as text'
  }
}

/** At most `length` characters, as a string of its own: a plain slice would keep the whole text in memory. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : Buffer.from(text.slice(0, length)).toString()
}
