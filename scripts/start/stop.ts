/** What has to be ended, in the order opposite to that in which it began. */
export interface Stop {
  add(name: string, end: () => Promise<void>): void
  run(): Promise<void>
}

let only: (Stop & { running?: Promise<void> }) | undefined

/** The one list of what to end; the first call also listens for Ctrl-C. A second Ctrl-C does not wait. */
export function onStop(): Stop {
  if (only) return only
  const ends: { name: string; end: () => Promise<void> }[] = []
  const stop: Stop & { running?: Promise<void> } = {
    add: (name, end) => void ends.push({ name, end }),
    run() {
      stop.running ??= (async () => {
        for (const { name, end } of ends.reverse()) {
          await end().catch(error => process.stderr.write(`! ${name} did not end well: ${(error as Error).message}\n`))
        }
      })()
      return stop.running
    },
  }
  const signalled = async (code: number) => {
    if (stop.running) process.exit(code)
    process.stdout.write('\n  Stopping…')
    await stop.run()
    process.stdout.write(' stopped.\n')
    process.exit(0)
  }
  process.on('SIGINT', () => void signalled(130))
  process.on('SIGTERM', () => void signalled(143))
  process.on('SIGHUP', () => void signalled(129))
  only = stop
  return stop
}
