/** A path of ours to go back to; anything that could lead elsewhere becomes the front page. */
export function returnPath(given: string | string[] | null | undefined): string {
  const path = Array.isArray(given) ? given[0] : given
  if (!path?.startsWith('/') || path.startsWith('//') || path.includes('\\') || path.length > 2_000) return '/'
  return path
}
