/** One spelling of an address, number, token or user id: what messages are found by, and what is suppressed. */
export function addressKey(address: string): string {
  const text = (/<([^<>]*)>\s*$/.exec(address)?.[1] ?? address).trim()
  if (/^[^\s@/]+@[^\s@/]+$/.test(text)) return text.toLowerCase()
  if (/^\+?[\d\s().-]{5,}$/.test(text)) return text.replace(/[^\d+]/g, '')
  return text
}
