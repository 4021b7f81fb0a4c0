import { fork } from 'node:child_process'

/** A program in a process of its own that carries out acts on request. */
export interface Program {
  /** Rejects with the program's error when the act failed there. */
  ask<Answer = unknown>(act: string, input?: object): Promise<Answer>
  /** Ends it with SIGKILL. */
  kill(): void
  close(): Promise<void>
}

type Question = { id: number; act: string; with?: object }
type Message = { ready: true } | { id: number; answer?: unknown; error?: string }

/** Starts a program that answers `{ id, act, with }` over IPC with `{ id, answer }` or `{ id, error }`, and knows the act `close`. */
export async function startProgram(
  file: string,
  { args = [], env = {} }: { args?: readonly string[]; env?: Record<string, string> } = {},
): Promise<Program> {
  const child = fork(file, args, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, ...env },
    execArgv: file.endsWith('.ts') ? ['--disable-warning=ExperimentalWarning'] : [],
  })
  const waiting = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>()
  const exited = new Promise<void>(resolve =>
    child.once('exit', () => {
      for (const { reject } of waiting.values()) reject(new Error(`${file} has ended`))
      waiting.clear()
      resolve()
    }),
  )
  let asked = 0
  const ready = new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', code => reject(new Error(`${file} ended with ${code}`)))
    child.on('message', (message: Message) => {
      if ('ready' in message) return resolve()
      const asker = waiting.get(message.id)
      waiting.delete(message.id)
      if (message.error === undefined) asker?.resolve(message.answer)
      else asker?.reject(new Error(message.error))
    })
  })
  await ready
  function ask<Answer>(act: string, input?: object): Promise<Answer> {
    const id = ++asked
    return new Promise<Answer>((resolve, reject) => {
      waiting.set(id, { resolve: resolve as (answer: unknown) => void, reject })
      child.send({ id, act, with: input })
    })
  }
  return {
    ask,
    kill: () => child.kill('SIGKILL'),
    async close() {
      if (child.exitCode === null && child.connected) await ask('close').catch(() => child.kill('SIGKILL'))
      await exited
    },
  }
}

/** The program's side: answers with these acts until the act `close`, or until its parent has ended. */
export function answerAsProgram<Input extends object>(
  acts: Record<string, (input: Input) => unknown>,
  close: () => Promise<void>,
): void {
  process.on('message', async ({ id, act, with: input }: Question) => {
    try {
      if (act === 'close') {
        await close()
        process.send?.({ id }, () => process.disconnect())
        return
      }
      const handler = acts[act]
      if (!handler) throw new Error(`there is no act ${act}`)
      process.send?.({ id, answer: await handler(input as Input) })
    } catch (error) {
      process.send?.({ id, error: String((error as Error)?.stack ?? error) })
    }
  })
  process.on('disconnect', () => process.exit(0))
  process.send?.({ ready: true })
}
