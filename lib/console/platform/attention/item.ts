export type Severity = 'bad' | 'warning' | 'unknown'

/** How grave an item is, by its effect on users; the gravest first. Its severity follows from that. */
export const BANDS = {
  /** The console cannot see or act, so what else it says may be wrong. */
  blind: 'bad',
  /** A whole part serves nobody: a server is down, none of a service is left. */
  outage: 'bad',
  /** Requests or jobs fail now. */
  failing: 'bad',
  /** It works with less, or is about to fail. */
  degraded: 'warning',
  /** It cannot be judged. */
  unclear: 'unknown',
  /** Worth a look during the day. */
  notice: 'warning',
} as const satisfies Record<string, Severity>
export type Band = keyof typeof BANDS

/** Something that needs a person, with the likely act. `href` is below the environment. */
export interface AttentionItem {
  id: string
  band: Band
  /** How much of it is affected, 0 to 1, where that can be said. */
  share?: number
  subject: string
  text: string
  detail: string
  since?: number
  href: string
  act: string
  runbook?: string
  owner?: string
  /** It recovers without an operator if the dependency does: half-open, probe under way. */
  recovering?: boolean
  /** How many things it speaks of; 1 unless given. Badges add these up. */
  count?: number
}

/** What one area finds. */
export interface AttentionReport {
  items: AttentionItem[]
  /** False: the area could not be judged, so that no item is not good news. */
  known: boolean
}

export interface AttentionOptions {
  /** The page that shows it is open. Otherwise it is for a badge, and what was last read is good enough. */
  fresh: boolean
}
