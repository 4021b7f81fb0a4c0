/** For how long a service asks to wait (ms), of RFC 9110 section 10.2.3. A date is read against the service's own clock, where the answer has it. */
export function retryAfterOf(headers: Readonly<Record<string, unknown>>): number | undefined {
  const asked = headers['retry-after']
  if (typeof asked !== 'string') return undefined
  if (/^\s*\d+(\.\d+)?\s*$/.test(asked)) return Number(asked) * 1_000
  const until = Date.parse(asked)
  if (Number.isNaN(until)) return undefined
  const now = Date.parse(String(headers.date))
  return Math.max(0, until - (Number.isNaN(now) ? Date.now() : now))
}
