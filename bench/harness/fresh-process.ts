import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Contender, Measurement } from './definition.ts'

export type ToProgram = { kind: 'begin'; input: unknown } | { kind: 'answer'; id: number; answer: unknown }
export type FromProgram =
  | { kind: 'ready' }
  | { kind: 'ask'; id: number; what: string }
  | { kind: 'found'; measurement: Measurement }

/** A run that takes longer counts as hanging (ms). */
const MEASUREMENT_WAIT_MS = 300_000

/** One run of a contender in a new process. Rejects with its output on stderr when it fails. */
export async function runFresh({ program, before, answers }: Contender): Promise<Measurement> {
  const input = await before?.()
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(program), {
      execArgv: ['--disable-warning=ExperimentalWarning', '--expose-gc'],
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    let found: Measurement | undefined
    let words = ''
    const overdue = setTimeout(() => child.kill('SIGKILL'), MEASUREMENT_WAIT_MS)
    child.stderr?.on('data', (chunk: Buffer) => {
      words = `${words}${chunk}`.slice(-4_000)
    })
    child.on('message', async (message: FromProgram) => {
      if (message.kind === 'ready') child.send({ kind: 'begin', input } satisfies ToProgram)
      else if (message.kind === 'found') found = message.measurement
      else {
        try {
          const answer = await answers?.[message.what]?.()
          child.send({ kind: 'answer', id: message.id, answer } satisfies ToProgram)
        } catch (error) {
          words += `\n${message.what}: ${(error as Error).message}`
          child.kill('SIGKILL')
        }
      }
    })
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      clearTimeout(overdue)
      if (found && code === 0) resolve(found)
      else reject(new Error(`${fileURLToPath(program)} found nothing (${signal ?? `exit ${code}`})\n${words}`))
    })
  })
}
