import { fingerprintSync, loadModule } from 'libpg-query'

/** The same for statements that differ in values, in how they are written, or in the length of a list; undefined for what Postgres 18 would not parse. */
export type Fingerprint = (sql: string) => string | undefined

export async function openFingerprint(): Promise<Fingerprint> {
  await loadModule()
  return sql => {
    try {
      return fingerprintSync(sql)
    } catch {
      return undefined
    }
  }
}
