/** Browsers drop tabs and line ends inside an address, and take a backslash for a slash: none of them may be in it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this keeps out.
const OURS = /^\/(?![/\\])[^\\\u0000-\u001f\u007f]*$/

/** A path of ours to go back to; anything that could lead elsewhere becomes the front page. */
export function returnPath(given: string | string[] | null | undefined): string {
  const path = Array.isArray(given) ? given[0] : given
  return path && path.length <= 2_000 && OURS.test(path) ? path : '/'
}
