/** The score of each kind of match. */
const EXACT = 1
const BEGINNING = 0.9
const WORD_BEGINNING = 0.8
const ALL_WORDS = 0.7
const INSIDE = 0.5
const SCATTERED = 0.2
/** Fewer letters than this occur scattered in nearly every name. */
const SCATTERED_FROM = 3

/**
 * How well a name matches what was typed, 0 (not) to 1 (exactly): the whole name, its beginning, the beginning of a word in it,
 * every typed word at the beginning of a word, somewhere inside, its letters in their order.
 */
export function nameMatch(name: string, typed: string): number {
  const text = name.toLowerCase()
  const query = typed.trim().toLowerCase()
  if (query === '' || text === query) return EXACT
  if (text.startsWith(query)) return BEGINNING
  const at = text.indexOf(query)
  if (at >= 0 && beginsWord(text, query)) return WORD_BEGINNING
  const parts = query.split(/\s+/)
  const words = wordsOf(text)
  if (parts.length > 1 && parts.every(part => words.some(word => word.startsWith(part)))) return ALL_WORDS
  if (at >= 0) return INSIDE
  return query.length >= SCATTERED_FROM && isScattered(text, query) ? SCATTERED : 0
}

export const wordsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)

function beginsWord(text: string, query: string): boolean {
  for (let at = text.indexOf(query); at >= 0; at = text.indexOf(query, at + 1))
    if (at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1] ?? '')) return true
  return false
}

function isScattered(text: string, query: string): boolean {
  let at = -1
  for (const letter of query.replace(/\s+/g, '')) {
    at = text.indexOf(letter, at + 1)
    if (at < 0) return false
  }
  return true
}
