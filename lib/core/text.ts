// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this finds.
const CONTROL = /[\u0000-\u001f\u007f]/

/** Tabs, line ends, NUL and their like: none of them can stand in a name or an address, and Postgres takes no NUL. */
export function holdsControlCharacters(text: string): boolean {
  return CONTROL.test(text)
}
