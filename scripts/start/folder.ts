import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../../lib/infrastructure/testing/free-port.ts'
import { isAlive } from '../../lib/infrastructure/testing/server-process.ts'

/** What the embedded mode keeps between starts: data, secrets, ports. */
export interface Folder {
  readonly path: string
  /** A secret of this name, made once. */
  secret(name: string): string
  /** The port used last time under this name, or the next free one; kept, so that redirects and sessions survive a restart. */
  port(name: string, preferred: number): Promise<number>
  /** The port used last time, for a server that may itself still hold it; say with `keep` which one it got. */
  preferred(name: string, preferred: number): number
  keep(name: string, port: number): void
  release(): void
}

/** Another start is using the folder. */
export class FolderInUseError extends Error {}

export function openFolder(path: string): Folder {
  mkdirSync(path, { recursive: true, mode: 0o755 })
  const lock = join(path, 'lock')
  if (existsSync(lock)) {
    const holder = Number(readFileSync(lock, 'utf8'))
    if (holder && holder !== process.pid && isAlive(holder) && isOurs(holder)) {
      throw new FolderInUseError(
        `Substation is running here already (process ${holder}). Stop it first, or set SUBSTATION_FOLDER to another folder for this one.`,
      )
    }
  }
  writeFileSync(lock, String(process.pid))
  const secrets = readJson<Record<string, string>>(join(path, 'secrets.json'))
  const ports = readJson<Record<string, number>>(join(path, 'ports.json'))
  const taken = new Set<number>()
  const keep = (name: string, port: number) => {
    taken.add(port)
    ports[name] = port
    writeFileSync(join(path, 'ports.json'), JSON.stringify(ports, null, 2))
  }
  return {
    path,
    secret(name) {
      secrets[name] ??= randomBytes(32).toString('base64url')
      writeFileSync(join(path, 'secrets.json'), JSON.stringify(secrets, null, 2), { mode: 0o600 })
      return secrets[name]
    },
    async port(name, preferred) {
      let port = await freePort(ports[name] ?? preferred)
      while (taken.has(port)) port = await freePort(port + 1)
      keep(name, port)
      return port
    },
    preferred: (name, preferred) => ports[name] ?? preferred,
    keep,
    release: () => rmSync(lock, { force: true }),
  }
}

/** After a reboot the old pid may be anybody's. */
function isOurs(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('scripts/start')
  } catch {
    return process.platform !== 'linux'
  }
}

function readJson<T>(file: string): T {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T
  } catch {
    return {} as T
  }
}
