/** What the text says, or undefined when it is no JSON (or not there): for text that anybody may have written. */
export function parseJson(text: string | null | undefined): unknown {
  if (text === null || text === undefined) return
  try {
    return JSON.parse(text)
  } catch {
    return
  }
}

/** Plain data in which every string can be stored as text anywhere: no NUL, which Postgres refuses, and no half of a character. */
export function storable<T>(value: T): T {
  return JSON.parse(
    JSON.stringify(value, (_key, inner: unknown) =>
      typeof inner === 'string' ? inner.toWellFormed().replaceAll('\u0000', '\ufffd') : inner,
    ),
  ) as T
}
