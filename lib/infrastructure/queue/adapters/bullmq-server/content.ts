import { isUtf8 } from 'node:buffer'
import type { Content } from '../../server-port.ts'

const HEX_BYTES = 64

/** The value of a field: as text if it is text, cut to `maxBytes`. */
export function contentOf(raw: Buffer, maxBytes: number): Content {
  const bytes = raw.length
  if (!isUtf8(raw)) return { bytes, hex: raw.subarray(0, HEX_BYTES).toString('hex') }
  if (bytes <= maxBytes) return { bytes, text: raw.toString() }
  // The cut may be within a character.
  let end = maxBytes
  while (end > 0 && ((raw[end] as number) & 0xc0) === 0x80) end--
  return { bytes, text: raw.subarray(0, end).toString(), cut: true }
}

/** The text of a small field, or undefined when it is not text. */
export function plainText(raw: Buffer | null | undefined): string | undefined {
  return raw && isUtf8(raw) ? raw.toString() : undefined
}
