import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'

export interface SpawnOptions {
  /** Everything the server prints goes here. */
  log: string
  env?: NodeJS.ProcessEnv
  uid?: number
  gid?: number
}

/** Starts a server in a process group of its own, so that Ctrl-C reaches it only through us. */
export function spawnServer(command: string, args: string[], { log, env, uid, gid }: SpawnOptions): ChildProcess {
  mkdirSync(dirname(log), { recursive: true })
  const out = openSync(log, 'a')
  const child = spawn(command, args, { stdio: ['ignore', out, out], detached: true, env: env ?? process.env, uid, gid })
  // A spawn that fails shows as an exit; without a listener it would be an uncaught exception.
  child.on('error', () => {})
  return child
}

/** Resolves with true once the process has ended, false when it still runs after `ms`. */
export async function waitForExit(pid: number, ms: number): Promise<boolean> {
  const deadline = performance.now() + ms
  while (performance.now() < deadline) {
    if (!isAlive(pid)) return true
    await new Promise(resolve => setTimeout(resolve, 25))
  }
  return !isAlive(pid)
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Sends the signal, then SIGKILL after `waitMs`. A process stopped by SIGSTOP is continued first, or it could not react. */
export async function stopProcess(pid: number, polite: NodeJS.Signals = 'SIGTERM', waitMs = 8_000): Promise<void> {
  if (!isAlive(pid)) return
  signal(pid, 'SIGCONT')
  signal(pid, polite)
  if (await waitForExit(pid, waitMs)) return
  signal(pid, 'SIGKILL')
  await waitForExit(pid, 2_000)
}

function signal(pid: number, name: NodeJS.Signals) {
  try {
    process.kill(pid, name)
  } catch {
    // It ended in between.
  }
}
