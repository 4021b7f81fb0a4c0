import { holdsControlCharacters } from '@/lib/core/text'

/** One slash, and no other behind it that would make a host of what follows. Browsers take a backslash for a slash. */
const OURS = /^\/(?![/\\])[^\\]*$/

/** A path of ours to go back to; anything that could lead elsewhere becomes the front page. */
export function returnPath(given: string | string[] | null | undefined): string {
  const path = Array.isArray(given) ? given[0] : given
  // Browsers drop tabs and line ends inside an address, so that `/<tab>/host` would lead to another host.
  const ours = path && path.length <= 2_000 && OURS.test(path) && !holdsControlCharacters(path)
  return ours ? path : '/'
}
