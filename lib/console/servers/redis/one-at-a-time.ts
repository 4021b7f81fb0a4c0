/** Runs the tasks of one name one after another: ten people who search for keys must not scan the same Redis ten times at once. */
export function oneAtATime(): <T>(name: string, act: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>()
  return (name, act) => {
    const next = (last.get(name) ?? Promise.resolve()).catch(() => {}).then(act)
    last.set(name, next)
    return next
  }
}
