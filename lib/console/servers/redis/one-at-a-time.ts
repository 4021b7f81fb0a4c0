/** Runs what belongs to one name one after another: ten people who look for keys are not ten walks over the same Redis. */
export function oneAtATime(): <T>(name: string, act: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>()
  return (name, act) => {
    const next = (last.get(name) ?? Promise.resolve()).catch(() => {}).then(act)
    last.set(name, next)
    return next
  }
}
