import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { freePort } from '../../lib/infrastructure/testing/free-port.ts'
import { openFolder } from './folder.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'substation-folder-'))
  folders.push(path)
  return path
}

test("ports and secrets are the same at the next start, and secrets are nobody else's to read", async () => {
  const path = folder()
  const first = openFolder(path)
  const port = await first.port('console', await freePort())
  const secret = first.secret('oauth')
  first.release()
  const second = openFolder(path)
  expect(await second.port('console', 1)).toBe(port)
  expect(second.secret('oauth')).toBe(secret)
  expect(statSync(join(path, 'secrets.json')).mode & 0o077).toBe(0)
})

test('a taken port is stepped over, and no two names get the same', async () => {
  const taken = createServer()
  const port = await new Promise<number>(done =>
    taken.listen(0, '127.0.0.1', () => done((taken.address() as { port: number }).port)),
  )
  const opened = openFolder(folder())
  const one = await opened.port('a', port)
  const two = await opened.port('b', port)
  expect(one).toBeGreaterThan(port)
  expect(two).toBeGreaterThan(one)
  taken.close()
})

test('the lock of a process that is gone does not keep the next start out', () => {
  const path = folder()
  writeFileSync(join(path, 'lock'), '999999999')
  expect(() => openFolder(path)).not.toThrow()
})
