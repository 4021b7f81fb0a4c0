import type { Measurement } from './definition.ts'
import type { FromProgram, ToProgram } from './fresh-process.ts'

/** Requests something from the bench by name and waits for it. */
export type Ask = (what: string) => Promise<unknown>

/**
 * The main function of a measured program: waits for its input, measures, sends the result and ends. Its output goes to
 * stderr, for people only.
 */
export function measure<Input>(run: (input: Input, ask: Ask) => Promise<Measurement>): void {
  const waiting = new Map<number, (answer: unknown) => void>()
  let asked = 0
  const send = (message: FromProgram) => process.send?.(message)
  const ask: Ask = what =>
    new Promise(resolve => {
      waiting.set(++asked, resolve)
      send({ kind: 'ask', id: asked, what })
    })

  process.on('message', async (message: ToProgram) => {
    if (message.kind === 'answer') {
      waiting.get(message.id)?.(message.answer)
      waiting.delete(message.id)
      return
    }
    try {
      send({ kind: 'found', measurement: await run(message.input as Input, ask) })
    } catch (error) {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
      process.exitCode = 1
    } finally {
      process.disconnect()
    }
  })
  send({ kind: 'ready' })
}
