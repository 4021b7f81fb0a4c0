const collator = new Intl.Collator('en', { numeric: true })

/** The order in which people look for names: `queue-2` before `queue-10`, whatever the machine's own language. */
export function byText(a: string, b: string): number {
  return collator.compare(a, b)
}
