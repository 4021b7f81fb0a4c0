type Token = '*' | ((byte: number) => boolean)

/** A matcher with the rules of Redis' own globs (`*`, `?`, `[a-z]`, `[^x]`, `\` escapes), byte by byte as Redis does. */
export function globMatcher(pattern: string): (text: string) => boolean {
  const tokens = tokenize(Buffer.from(pattern))
  return text => matches(tokens, Buffer.from(text))
}

function tokenize(pattern: Buffer): Token[] {
  const tokens: Token[] = []
  for (let i = 0; i < pattern.length; i++) {
    const sign = String.fromCharCode(pattern[i] as number)
    if (sign === '*') {
      if (tokens.at(-1) !== '*') tokens.push('*')
    } else if (sign === '?') tokens.push(() => true)
    else if (sign === '[') {
      const set = readSet(pattern, i + 1)
      tokens.push(set.test)
      i = set.end
    } else {
      if (sign === '\\' && i + 1 < pattern.length) i++
      const wanted = pattern[i]
      tokens.push(byte => byte === wanted)
    }
  }
  return tokens
}

/** The members of a bracket from `start` on; one without a closing bracket reaches to the end, as in Redis. */
function readSet(pattern: Buffer, start: number): { test: (byte: number) => boolean; end: number } {
  const CLOSE = 0x5d
  const negated = pattern[start] === 0x5e
  const ranges: [number, number][] = []
  let i = negated ? start + 1 : start
  for (; i < pattern.length && pattern[i] !== CLOSE; i++) {
    // An escaped character is literal and begins no range.
    const escaped = pattern[i] === 0x5c && i + 1 < pattern.length
    if (escaped) i++
    const low = pattern[i] as number
    if (!escaped && pattern[i + 1] === 0x2d && i + 2 < pattern.length) {
      const high = pattern[i + 2] as number
      ranges.push(low <= high ? [low, high] : [high, low])
      i += 2
    } else ranges.push([low, low])
  }
  return { test: byte => ranges.some(([low, high]) => byte >= low && byte <= high) !== negated, end: i }
}

/** Backtracks to the last star only, so that no pattern takes more than pattern length times text length steps. */
function matches(tokens: Token[], text: Buffer): boolean {
  let token = 0
  let at = 0
  let star = -1
  let starAt = 0
  while (at < text.length) {
    const current = tokens[token]
    if (current === '*') {
      star = token++
      starAt = at
    } else if (current?.(text[at] as number)) {
      token++
      at++
    } else if (star >= 0) {
      token = star + 1
      at = ++starAt
    } else return false
  }
  while (tokens[token] === '*') token++
  return token === tokens.length
}
