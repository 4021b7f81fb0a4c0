import { chmodSync, chownSync, cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import postgres from 'postgres'
import { type EmbeddedPostgres, embeddedPostgresHome, startEmbeddedPostgres } from './embedded-postgres.ts'

/** Written while it is copied, and by its own server. */
const OF_THE_RUNNING = /\/(postmaster\.(pid|opts)|pg_replslot|pg_stat_tmp)(\/|$)/

/** Starts a streaming standby of a Postgres that was started in `primaryDir`; its files are a copy, made as pg_basebackup makes one. */
export async function startStandby(
  primary: EmbeddedPostgres,
  { primaryDir, dir, settings }: { primaryDir: string; dir: string; settings?: Record<string, string> },
): Promise<EmbeddedPostgres> {
  const from = embeddedPostgresHome(primaryDir)
  const home = embeddedPostgresHome(dir)
  const sql = postgres(primary.url, { max: 1, onnotice: () => {} })
  try {
    await sql`select pg_backup_start('standby', true)`
    rmSync(home, { recursive: true, force: true })
    mkdirSync(home, { recursive: true })
    cpSync(from, home, { recursive: true, filter: path => !OF_THE_RUNNING.test(path.slice(from.length)) })
    const [stopped] = await sql`select labelfile from pg_backup_stop(false)`
    const data = join(home, 'data')
    for (const folder of ['pg_replslot', 'pg_stat_tmp']) mkdirSync(join(data, folder), { recursive: true, mode: 0o700 })
    writeFileSync(join(data, 'backup_label'), String(stopped?.labelfile))
    writeFileSync(join(data, 'standby.signal'), '')
    if (process.getuid?.() === 0) ownAll(home)
  } finally {
    await sql.end()
  }
  return startEmbeddedPostgres({ dir, settings: { primary_conninfo: conninfo(primary.url), ...settings } })
}

function conninfo(url: string): string {
  const { hostname, port, username, password } = new URL(url)
  return `host=${hostname} port=${port} user=${username} password=${decodeURIComponent(password)} application_name=standby`
}

/** Copies belong to root, and Postgres runs as nobody. */
function ownAll(home: string): void {
  const nobody = 65_534
  for (const entry of readdirSync(home, { recursive: true, withFileTypes: true }))
    chownSync(join(entry.parentPath, entry.name), nobody, nobody)
  chownSync(home, nobody, nobody)
  chmodSync(join(home, 'data'), 0o700)
}
