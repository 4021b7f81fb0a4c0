/** How many colons are tried as the beginning of the id, from the last one on. */
const TRIED = 6

/** `prefix:name:id` does not show where the id begins: each way to read it, the likeliest first. `base` ends in a colon. */
export function readingsOfKey(key: string): { base: string; id: string }[] {
  const readings: { base: string; id: string }[] = []
  let colon = key.lastIndexOf(':')
  while (colon > 0 && readings.length < TRIED) {
    const base = key.slice(0, colon + 1)
    const id = key.slice(colon + 1)
    // A queue has a prefix and a name.
    if (base.indexOf(':') < base.length - 1 && id !== '') readings.push({ base, id })
    colon = key.lastIndexOf(':', colon - 1)
  }
  return readings
}
