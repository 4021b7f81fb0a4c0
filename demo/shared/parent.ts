/**
 * Ends this process with its parent: a parent that was killed cannot say so, but its IPC channel closes. The end comes
 * as SIGTERM, so that there is one way out. Call it when SIGTERM is listened for.
 */
export function endWithParent(): void {
  // Undefined: started by hand, where Ctrl-C is how it ends.
  if (process.connected === undefined) return
  // Ctrl-C reaches the whole process group, but in which order things stop is the parent's affair.
  process.on('SIGINT', () => undefined)
  let asked = false
  process.once('SIGTERM', () => {
    asked = true
  })
  const end = () => {
    // A second signal would end it before it has said that it stops.
    if (!asked) process.kill(process.pid, 'SIGTERM')
  }
  if (process.connected) process.once('disconnect', end)
  else end()
}

/** The whole of it for a process that has no parts to stop: `close` runs, then it exits. */
export function endPlainly(close: () => void): void {
  const end = () => {
    close()
    process.exit(0)
  }
  process.once('SIGTERM', end)
  if (process.connected === undefined) process.once('SIGINT', end)
  endWithParent()
}
