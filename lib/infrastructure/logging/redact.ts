import { maskUrl } from '../config/index.ts'

export const HIDDEN = '[secret]'

const SECRET_KEY =
  /password|passwd|passphrase|^pwd$|secret|token|authorization|cookie|apikey|accesskey|privatekey|signingkey|credential|connectionstring/

/** Whether the value under this key must not be written. Numbers of tokens and booleans are not secret. */
export function hides(key: string, value: unknown): boolean {
  if (value === undefined || value === null || typeof value === 'boolean') return false
  const plainKey = key.toLowerCase().replace(/[^a-z]/g, '')
  if (!SECRET_KEY.test(plainKey)) return false
  return !(typeof value === 'number' && plainKey.includes('token'))
}

const IN_TEXT: readonly [RegExp, string][] = [
  [/\b(Bearer\s+)[\w.~+/=-]{16,}/gi, `$1${HIDDEN}`],
  [/\b((?:password|passwd|secret|token|api_?key|access_?key)=)[^&\s"']+/gi, `$1${HIDDEN}`],
]

/** The text without secrets that are common in texts: passwords in URLs, bearer tokens, `password=…`. */
export function maskText(text: string): string {
  let masked = text.includes('://') ? maskUrl(text) : text
  for (const [pattern, replacement] of IN_TEXT) masked = masked.replace(pattern, replacement)
  return masked
}
