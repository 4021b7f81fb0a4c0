/** The name in a segment of the address, which Next leaves encoded. */
export function databaseNamed(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
