import type { z } from 'zod'
import type { Permission } from '../access/roles.ts'
import type { NameGroup } from '../area/names.ts'
import type { Attention } from '../attention/collect.ts'
import type { AttentionOptions } from '../attention/item.ts'
import type { AuditEntry } from '../audit/record.ts'
import type { ReadOutcome } from '../audit/record-read.ts'
import type { ConsoleEnvironment } from '../environment/port.ts'
import type { Jobs } from '../jobs/port.ts'
import type { LiveHub, Topic } from '../live/hub.ts'
import type { AnyOperation } from '../operation/define.ts'
import type { Outages } from '../part/outages.ts'
import type { Settings } from '../settings/port.ts'
import type { Store } from '../store/port.ts'

/** What a view reads with, the same for every asker. */
export interface ReadContext {
  environment: ConsoleEnvironment
  store: Store
  jobs: Jobs
  hub: LiveHub
  settings: Settings
  /** Titles and permissions of every operation, for views that show runs. */
  operations: readonly AnyOperation[]
  /** Views of which every reading is in the audit, under its id. */
  auditedViews: readonly { id: string; title: string }[]
  outages: Outages
}

/** What a view may read. It never writes. */
export interface ViewContext extends ReadContext {
  /** What needs attention, over all areas. */
  attention(options: AttentionOptions): Promise<Attention>
  /** What the areas have by a name that contains the query. */
  names(query: string): Promise<NameGroup[]>
  /** How many things are under way in each area that counts them; null: not known. */
  underWay(): Promise<Record<string, number | null>>
  /** What the asker may do. Who asks is left out: one reading serves everyone with the same permissions. */
  permissions: readonly Permission[]
}

export interface View<Filters extends z.ZodObject, Data> {
  readonly id: string
  readonly title: string
  readonly permission: Permission
  /** The topics it is made of: a browser that shows it asks again when one of them changed. */
  readonly topics: readonly Topic[]
  /** It shows what areas report about themselves, so their topics are its topics too. */
  readonly judges?: boolean
  /** Every field needs a default: a bad value in a URL is dropped, visibly, and the page stays. */
  readonly filters: Filters
  /** Its filters hold what no access log should keep: it is asked by POST, with them in the body. */
  readonly inBody?: boolean
  /** How long one reading serves every viewer (ms). */
  readonly freshFor: number
  /** Set where every reading is written to the audit, whoever else has just read the same. */
  readonly audited?: {
    /** Undefined: these filters read nothing. */
    target(filters: z.output<Filters>): AuditEntry['target']
    /** What the audit keeps of the filters, where it is not all but the sensitive ones. */
    input?(filters: z.output<Filters>): unknown
    outcome(data: Data): ReadOutcome
  }
  read(context: ViewContext, filters: z.output<Filters>): Promise<Data>
}

/** A typed, read-only question about the fleet. */
export function defineView<Filters extends z.ZodObject, Data>(view: View<Filters, Data>): View<Filters, Data> {
  return view
}

// biome-ignore lint/suspicious/noExplicitAny: a registry has views of every shape; each is checked where it is defined.
export type AnyView = View<any, any>
export type DataOf<V> = V extends View<infer _F, infer Data> ? Data : never
