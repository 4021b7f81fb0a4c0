/** Where a colon begins no parameter: comments, texts, names in quotes, casts. The server reads the text with Postgres' own rules. */
const PARTS = /--.*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*'?|"(?:[^"]|"")*"?|::|:=|:([a-z_]\w*)/gi

/** The parameters of a text, in the order in which they first stand there. */
export function parameterNames(text: string): string[] {
  const names = [...text.matchAll(PARTS)].flatMap(([, name]) => (name === undefined ? [] : [name.toLowerCase()]))
  return [...new Set(names)]
}
