import { HIDDEN } from '../../../../infrastructure/logging/index.ts'
import { redacted, redactedText } from '../../../platform/redact.ts'
import type { BrowsedColumn } from './table.ts'

/** Characters of a value that are read, and shown. More are read, so that a secret is not cut before it is recognised. */
export const READ = 4_096
export const SHOWN = 1_000

type Kind = Pick<BrowsedColumn, 'structured'>

/** A value as it may be seen; null: NULL. */
export function shownValue(value: string | null, column: Kind): string | null {
  if (value === null) return null
  const { text } = cleaned(value, column)
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text
}

/** Whether something of it is hidden: then no filter may find it. */
export function hidesSomething(value: string | null, column: Kind): boolean {
  return value !== null && cleaned(value, column).hidden
}

/** Text may be JSON too, with fields that are secret by their names. */
const JSON_TEXT = /^\s*(\{|\[\s*[[{"\d\]])/

function cleaned(value: string, { structured }: Kind): { text: string; hidden: boolean } {
  if (!structured && !JSON_TEXT.test(value)) {
    const text = redactedText(value)
    return { text, hidden: text !== value }
  }
  const { text = HIDDEN, redacted: hidden = false } = redacted({ text: value, bytes: Buffer.byteLength(value) })
  return { text, hidden }
}
