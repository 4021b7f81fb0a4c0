import { maskUrl } from '../config/index.ts'
import { isCardNumber, maskShapes } from './secret-shapes.ts'

export const HIDDEN = '[secret]'

/** Names of keys, in lower case and without all but their letters, whose values are secret. */
export const SECRET_KEY =
  /password|passwd|passphrase|^pwd$|secret|token|authorization|cookie|apikey|accesskey|privatekey|signingkey|credential|connectionstring|cardnumber|creditcard|^pan$|^cvv\d?$|^cvc\d?$|securitycode|^pin$|pincode|^iban$|accountnumber|^ssn$|socialsecurity|taxid|passport/

/** Whether the value under this key must not be written. Numbers of tokens and booleans are not secret. */
export function hides(key: string, value: unknown): boolean {
  if (value === undefined || value === null || typeof value === 'boolean') return false
  if (typeof value === 'number' && isCardNumber(String(value))) return true
  const plainKey = key.toLowerCase().replace(/[^a-z]/g, '')
  if (!SECRET_KEY.test(plainKey)) return false
  return !(typeof value === 'number' && plainKey.includes('token'))
}

const IN_TEXT: readonly [RegExp, string][] = [
  [/\b(Bearer\s+)[\w.~+/=-]{16,}/gi, `$1${HIDDEN}`],
  [/\b((?:password|passwd|secret|token|api_?key|access_?key)=)[^&\s"']+/gi, `$1${HIDDEN}`],
]

/** The text without secrets that are common in texts: passwords in URLs, bearer tokens, `password=…`, cards, IBANs, the keys of vendors. */
export function maskText(text: string): string {
  let masked = text.includes('://') ? maskUrl(text) : text
  for (const [pattern, replacement] of IN_TEXT) masked = masked.replace(pattern, replacement)
  return maskShapes(masked, HIDDEN)
}
