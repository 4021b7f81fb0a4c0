interface Press {
  does: 'move' | 'mark'
  index: number
}

interface Rows {
  /** The row that has the focus, or whose details are open. */
  at: number | undefined
  count: number
  /** Whether rows can be marked. */
  marks: boolean
}

/** What a key does in a list: `j k` move and stay within it, `x` marks. With a modifier held a key is of the browser or of the page. */
export function pressOf(
  { key, ctrlKey, metaKey, altKey }: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>,
  { at, count, marks }: Rows,
): Press | undefined {
  if (ctrlKey || metaKey || altKey || count === 0) return
  if (key === 'x') return at === undefined || !marks ? undefined : { does: 'mark', index: at }
  if (key !== 'j' && key !== 'k') return
  if (at === undefined) return { does: 'move', index: 0 }
  return { does: 'move', index: Math.min(count - 1, Math.max(0, at + (key === 'j' ? 1 : -1))) }
}
