import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { newId } from '../../core/ids.ts'
import { libraryDatabase } from '../testing/library-database.ts'
import { type Program, startProgram } from '../testing/program.ts'
import { redisUrl } from '../testing/servers.ts'
import { createKeyValue } from './index.ts'

const FILE = fileURLToPath(new URL('../testing/store-program.ts', import.meta.url))
let database: Awaited<ReturnType<typeof libraryDatabase>>
// Starting processes takes long on a loaded machine.
vi.setConfig({ testTimeout: 120_000 })
const programs: Program[] = []
beforeAll(async () => {
  database = await libraryDatabase('kv')
})
afterAll(() => database.drop())
afterEach(async () => {
  await Promise.all(programs.splice(0).map(program => program.close()))
})

async function start(url: string, namespace: string): Promise<Program> {
  const program = await startProgram(FILE, { args: [url, namespace] })
  programs.push(program)
  return program
}

/** A program that was killed cannot be asked to close. */
function kill(program: Program) {
  programs.splice(programs.indexOf(program), 1)
  program.kill()
}

describe.each([
  ['Redis', () => redisUrl()],
  ['Postgres', () => database.url],
] as const)('several processes on %s', (_, url) => {
  test('two that race for the same 200 keys: each key has one winner', async () => {
    const namespace = newId()
    const both = await Promise.all([start(url(), namespace), start(url(), namespace)])
    const won = await Promise.all(both.map(program => program.ask<number[]>('claim', { name: 'k', count: 200 })))
    expect(won.flat().toSorted((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, n) => n))
  })

  test('two that add under one lock lose no increment, and no fence is given twice', async () => {
    const namespace = newId()
    const both = await Promise.all([start(url(), namespace), start(url(), namespace)])
    const fences = await Promise.all(
      both.map(program => program.ask<number[]>('addUnderLock', { name: 'n', count: 25 })),
    )
    const kv = await createKeyValue({ url: url(), namespace })
    expect(await kv.get('n')).toBe(50)
    expect(new Set(fences.flat()).size).toBe(50)
    for (const own of fences) expect(own).toEqual(own.toSorted((a, b) => a - b))
    await kv.close()
  })

  test('a lock whose holder was killed is free after its time, with a greater fence', async () => {
    const namespace = newId()
    const holder = await start(url(), namespace)
    const fence = await holder.ask<number>('hold', { name: 'x', ttlMs: 1_500 })
    await holder.ask('hold', { name: 'still', ttlMs: 600_000 })
    const kv = await createKeyValue({ url: url(), namespace })
    kill(holder)
    const next = await kv.lock('x', { ttlMs: 1_000, waitMs: 15_000 })
    await expect(kv.lock('still', { ttlMs: 1_000 })).rejects.toMatchObject({ code: 'KV_LOCKED' })
    expect(next.fence).toBeGreaterThan(fence)
    await kv.close()
  })
})
