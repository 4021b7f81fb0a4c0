import { createHmac, timingSafeEqual } from 'node:crypto'

/** HMAC-SHA256 over the exact text that is sent, so that no canonical form is needed. */
export function sign(key: string, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url')
}

export function isSigned(key: string, text: string, signature: string): boolean {
  const expected = Buffer.from(sign(key, text))
  const given = Buffer.from(signature)
  return expected.length === given.length && timingSafeEqual(expected, given)
}

/** A signed text as stored in Redis: `signature.text`. */
export function seal(key: string, text: string): string {
  return `${sign(key, text)}.${text}`
}

/** The text, or undefined when the signature is invalid. */
export function unseal(key: string, sealed: string): string | undefined {
  const dot = sealed.indexOf('.')
  if (dot < 0) return
  const text = sealed.slice(dot + 1)
  return isSigned(key, text, sealed.slice(0, dot)) ? text : undefined
}
