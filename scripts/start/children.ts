import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream, mkdirSync } from 'node:fs'
import { join } from 'node:path'

export interface ChildSpec {
  name: string
  file: string
  args?: string[]
  env: Record<string, string | undefined>
  /** Started again this long after it ended unasked (ms); absent: its end is reported to `onDeath`. */
  restartAfterMs?: number
  cwd?: string
}

export interface Children {
  start(spec: ChildSpec): ChildProcess
  /** Ends them in the order opposite to that of their start. */
  stop(names?: string[]): Promise<void>
}

/** Processes of ours. Each holds an IPC channel, by which it notices when this one was killed. */
export function openChildren(logs: string, onDeath: (name: string, how: string) => void): Children {
  mkdirSync(logs, { recursive: true })
  const running = new Map<string, ChildProcess>()
  let stopping = false

  function start(spec: ChildSpec): ChildProcess {
    const log = createWriteStream(join(logs, `${spec.name}.log`), { flags: 'a' })
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', spec.file, ...(spec.args ?? [])], {
      cwd: spec.cwd,
      env: { ...process.env, ...spec.env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // A group of its own: Ctrl-C in the terminal reaches only us, and we end things in their order.
      detached: true,
    })
    // The log is closed when both have ended: a last word on stderr must not meet a closed stream.
    log.on('error', () => {})
    child.stdout?.pipe(log, { end: false })
    child.stderr?.pipe(log, { end: false })
    child.once('close', () => log.end())
    child.on('error', error => onDeath(spec.name, error.message))
    running.set(spec.name, child)
    child.on('exit', (code, signal) => {
      if (running.get(spec.name) === child) running.delete(spec.name)
      if (stopping) return
      onDeath(spec.name, signal ?? `exit ${code}`)
      if (spec.restartAfterMs !== undefined)
        setTimeout(() => stopping || running.has(spec.name) || start(spec), spec.restartAfterMs).unref()
    })
    return child
  }

  return {
    start,
    async stop(names) {
      if (!names) stopping = true
      const ending = [...running].filter(([name]) => !names || names.includes(name)).reverse()
      await Promise.all(ending.map(([, child]) => end(child)))
    },
  }
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise(resolve => {
    const insist = setTimeout(() => child.kill('SIGKILL'), 10_000)
    child.once('exit', () => {
      clearTimeout(insist)
      resolve()
    })
    child.kill('SIGCONT')
    child.kill('SIGTERM')
  })
}
