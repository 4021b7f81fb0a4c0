/** The value, or undefined when the text is absent or not valid JSON: for text from untrusted sources. */
export function parseJson(text: string | null | undefined): unknown {
  if (text === null || text === undefined) return
  try {
    return JSON.parse(text)
  } catch {
    return
  }
}

/** Plain data in which every string can be stored as text: without NUL, which Postgres refuses, and without lone surrogates. */
export function storable<T>(value: T): T {
  return JSON.parse(
    JSON.stringify(value, (_key, inner: unknown) =>
      typeof inner === 'string' ? inner.toWellFormed().replaceAll('\u0000', '\ufffd') : inner,
    ),
  ) as T
}
