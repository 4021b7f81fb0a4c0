import { parseJson } from '../../core/json.ts'
import { HIDDEN, hides, maskText } from '../../infrastructure/logging/index.ts'
import type { Content } from '../../infrastructure/queue/index.ts'

/** Data nested deeper than this is not examined, so none of it is shown. */
const DEEPEST = 60

/** The same JSON text with what is secret by its name (`password`, `card_number`) or by its shape replaced. What cannot be checked is not shown. */
export function redacted(content: Content): Content & { redacted?: boolean } {
  const hidden = { bytes: content.bytes, redacted: true }
  if (content.text === undefined) return content.hex === undefined ? content : hidden
  const parsed = parseJson(content.text)
  // Cut JSON and other texts cannot be read field by field, so it is not known whether they contain a secret.
  if (parsed === undefined) return content.text === '' ? content : hidden
  const found = { any: false }
  const clean = walk(parsed, found, 0)
  return found.any ? { ...content, text: JSON.stringify(clean), redacted: true } : content
}

/** Free text of a job: errors, stacks, lines of a log. Bytes that are no text are not shown. */
export function redactedLine(content: Content): Content & { redacted?: boolean } {
  if (content.hex !== undefined) return { bytes: content.bytes, redacted: true }
  return content.text === undefined ? content : { ...content, text: maskText(content.text) }
}

/** The same for what is certainly text. */
export function redactedText(text: string): string {
  return maskText(text)
}

function walk(value: unknown, found: { any: boolean }, depth: number): unknown {
  if (depth > DEEPEST) {
    found.any = true
    return HIDDEN
  }
  if (typeof value === 'string') {
    const masked = maskText(value)
    if (masked !== value) found.any = true
    return masked
  }
  if (typeof value === 'number' && hides('', value)) {
    found.any = true
    return HIDDEN
  }
  if (Array.isArray(value)) return value.map(inner => walk(inner, found, depth + 1))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      if (!hides(name, inner)) return [name, walk(inner, found, depth + 1)]
      found.any = true
      return [name, HIDDEN]
    }),
  )
}
