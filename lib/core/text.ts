/** Tabs, line ends, NUL and the like: not allowed in a name or an address, and Postgres takes no NUL. */
export function holdsControlCharacters(text: string): boolean {
  return [...text].some(character => character < ' ' || character === '\u007f')
}
