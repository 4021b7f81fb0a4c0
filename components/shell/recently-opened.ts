const KEY = 'substation:opened'
const KEPT = 8

/** What was chosen in the palette on this device, the latest first. Empty where the browser keeps nothing. */
export function openedLately(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    return Array.isArray(kept) ? kept.filter(key => typeof key === 'string').slice(0, KEPT) : []
  } catch {
    return []
  }
}

export function rememberOpened(key: string): void {
  try {
    localStorage.setItem(KEY, JSON.stringify([key, ...openedLately().filter(known => known !== key)].slice(0, KEPT)))
  } catch {
    // A browser that keeps nothing still finds everything.
  }
}
