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

/** Starts a server of somebody else's making in a process group of its own, so that Ctrl-C reaches it only through us. */
export function spawnServer(command: string, args: string[], { log, env, uid, gid }: SpawnOptions): ChildProcess {
  mkdirSync(dirname(log), { recursive: true })
  const out = openSync(log, 'a')
  const child = spawn(command, args, { stdio: ['ignore', out, out], detached: true, env: env ?? process.env, uid, gid })
  // A spawn that fails shows as an exit; without a listener it would be an uncaught exception.
  child.on('error', () => {})
  return child
}

/** Resolves true once the process is gone, false when it still lives after `ms`. */
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

/** Asks politely, then insists. A stopped (SIGSTOP) process is woken first, or it could never obey. */
export async function stopProcess(pid: number, polite: NodeJS.Signals = 'SIGTERM', patienceMs = 8_000): Promise<void> {
  if (!isAlive(pid)) return
  signal(pid, 'SIGCONT')
  signal(pid, polite)
  if (await waitForExit(pid, patienceMs)) return
  signal(pid, 'SIGKILL')
  await waitForExit(pid, 2_000)
}

function signal(pid: number, name: NodeJS.Signals) {
  try {
    process.kill(pid, name)
  } catch {
    // It went away in between, which is what was wanted.
  }
}
