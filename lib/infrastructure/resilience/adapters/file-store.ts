import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { BreakerStore } from '../port.ts'

/**
 * Breakers' states in one JSON file, of one process alone: two that write it would lose each other's. It is replaced as a
 * whole, so a process that dies while writing leaves the earlier one. A file that cannot be read rejects until a write.
 */
export function fileBreakerStore(path: string): BreakerStore {
  let states: Map<string, string> | undefined
  /** Writes in turn, each with all states. */
  let last: Promise<unknown> = Promise.resolve()

  async function load(): Promise<Map<string, string>> {
    states ??= parse(await readFile(path, 'utf8').catch(missing), path)
    return states
  }
  async function save(name: string, state: string): Promise<void> {
    const known = await load().catch(() => new Map<string, string>())
    states = known.set(name, state)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(`${path}.new`, `${JSON.stringify(Object.fromEntries(known), null, 2)}\n`)
    await rename(`${path}.new`, path)
  }
  return {
    async read(name) {
      return (await load()).get(name)
    },
    write(name, state) {
      const written = last.then(() => save(name, state))
      last = written.catch(() => undefined)
      return written
    },
  }
}

function missing(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return '{}'
  throw error
}

function parse(text: string, path: string): Map<string, string> {
  const states: unknown = JSON.parse(text)
  if (typeof states !== 'object' || states === null) throw new Error(`${path} has no states of breakers`)
  return new Map(Object.entries(states))
}
