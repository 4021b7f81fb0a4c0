import { z } from 'zod'
import {
  type Advice,
  adviceOn,
  type Setting,
  type SettingOverride,
  settingsQuestion,
  settingText,
} from '../../../../infrastructure/insight/index.ts'
import { mapPart } from '../../../platform/part/map-part.ts'
import type { Part } from '../../../platform/part/part.ts'
import { redactedText } from '../../../platform/redact.ts'
import { defineView } from '../../../platform/view/define.ts'
import { exact, search } from '../../../platform/view/text-filters.ts'
import { PostgresServers } from '../../../servers/resources.ts'

/** A setting that differs from its default. Values as SHOW writes them. */
export interface SettingRow
  extends Pick<Setting, 'name' | 'source' | 'context' | 'category' | 'description' | 'pendingRestart'> {
  value: string
  default?: string
}

export interface SettingsState {
  advice: Advice[]
  /** Those that match the filter. */
  rows: SettingRow[]
  /** Regardless of the filter: how many differ from their defaults. */
  differing: number
  /** What roles and databases set for their own sessions. */
  overrides: SettingOverride[]
  managedBy?: string
}

export interface DatabaseSettingsData {
  /** Absent when no database of that name is declared. */
  settings?: Part<SettingsState>
}

/** What is set otherwise than Postgres comes with, and what should be. */
export const databaseSettingsView = defineView({
  id: 'database-settings',
  title: 'Database settings',
  permission: 'database:read',
  topics: [],
  filters: z.object({ name: exact(300), q: search }),
  freshFor: 10_000,
  async read({ environment }, { name, q }): Promise<DatabaseSettingsData> {
    const server = environment.of(PostgresServers).find(name)
    if (!server) return {}
    return {
      settings: mapPart(await server.read(settingsQuestion), known => {
        const rows = known.settings.filter(differs).map(toRow)
        const wanted = q.toLowerCase()
        return {
          advice: adviceOn(known),
          rows: rows.filter(row => `${row.name} ${row.value} ${row.description}`.toLowerCase().includes(wanted)),
          differing: rows.length,
          overrides: known.overrides.map(one => ({ ...one, value: redactedText(one.value) })),
          ...(known.managedBy === undefined ? {} : { managedBy: known.managedBy }),
        }
      }),
    }
  },
})

/** Some are read only to be judged. */
const differs = (setting: Setting) => setting.value !== setting.default || setting.pendingRestart

function toRow(setting: Setting): SettingRow {
  const { unit, value, default: usual, name, source, context, category, description, pendingRestart } = setting
  const shown = { name, source, context, category, description, pendingRestart }
  return {
    ...shown,
    // A connection string may hold a password.
    value: redactedText(settingText(value, unit)),
    ...(usual === undefined ? {} : { default: settingText(usual, unit) }),
  }
}
