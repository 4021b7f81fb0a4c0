import type { PreferenceStore } from '../preferences.ts'
import type { Run } from './postgres-run.ts'

export function postgresPreferences(run: Run): PreferenceStore {
  return {
    async get(recipient) {
      const [row] = await run(
        sql => sql<{ preferences: string }[]>`
          select preferences from substation_app.notification_preference where recipient = ${recipient}`,
      )
      return row ? JSON.parse(row.preferences) : {}
    },
    async set(recipient, preferences) {
      const text = JSON.stringify(preferences)
      await run(
        sql => sql`
          insert into substation_app.notification_preference (recipient, preferences) values (${recipient}, ${text})
          on conflict (recipient) do update set preferences = excluded.preferences, updated_at = clock_timestamp()`,
      )
    },
  }
}
