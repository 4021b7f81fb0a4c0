import { redactedText } from '../../platform/redact.ts'

/** Enough to know one's own by: `ad…@example.com`, `+49…4567`. */
export function maskedAddress(address: string): string {
  const at = address.lastIndexOf('@')
  if (at > 0) return `${address.slice(0, Math.min(2, at - 1) || 1)}…${address.slice(at)}`
  if (/^\+?[\d\s().-]{5,}$/.test(address)) return `${address.slice(0, 3)}…${address.slice(-4)}`
  return address.length > 12 ? `${address.slice(0, 6)}…${address.slice(-4)}` : address
}

/** Addresses within a vendor's words, and what looks secret. */
export function maskedWords(text: string): string {
  return redactedText(text).replaceAll(/[^\s<>"'(),;:@]+@[^\s<>"'(),;:@]+\.[^\s<>"'(),;:@]+/g, maskedAddress)
}
