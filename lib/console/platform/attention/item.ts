export type Severity = 'bad' | 'warning' | 'unknown'

/** How severe an item is, by its effect on users; the most severe first. Its severity follows from the band. */
export const BANDS = {
  /** The console cannot see or act, so its other items may be wrong. */
  blind: 'bad',
  /** A whole part serves no one: a server is down, no process of a service is left. */
  outage: 'bad',
  /** Requests or jobs are failing now. */
  failing: 'bad',
  /** It works with reduced capacity, or is about to fail. */
  degraded: 'warning',
  /** It cannot be judged. */
  unclear: 'unknown',
  /** Worth a look during the day. */
  notice: 'warning',
} as const satisfies Record<string, Severity>
export type Band = keyof typeof BANDS

/** Something that needs attention, with the likely act. `href` is below the environment. */
export interface AttentionItem {
  id: string
  band: Band
  /** How much of it is affected, 0 to 1, where that is known. */
  share?: number
  subject: string
  text: string
  detail: string
  since?: number
  href: string
  act: string
  runbook?: string
  owner?: string
  /** It recovers on its own if the dependency does: half-open, probe under way. */
  recovering?: boolean
  /** How many things it stands for; default 1. Badges add these up. */
  count?: number
}

/** What one area finds. */
export interface AttentionReport {
  items: AttentionItem[]
  /** False: the area could not be judged, so no items does not mean that it is healthy. */
  known: boolean
}

export interface AttentionOptions {
  /** True for a page that shows the items; false for a badge, for which the last reading is good enough. */
  fresh: boolean
}
