import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import type { Settings } from '../platform/settings/port.ts'

/** Runs a console in a process of its own that SIGKILLs itself at this step; resolves with its exit. */
export function killConsoleAt(step: string, settings: Settings, request: object): Promise<NodeJS.Signals | null> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', resolve('lib/console/testing/console-killed-at.ts')],
    { stdio: ['pipe', 'ignore', 'inherit'] },
  )
  child.stdin.end(JSON.stringify({ step, settings, request }))
  return new Promise(done => child.on('exit', (_code, signal) => done(signal)))
}
