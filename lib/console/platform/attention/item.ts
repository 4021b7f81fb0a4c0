export type Severity = 'bad' | 'warning' | 'unknown'

/** Something that needs a person, with the likely act. `href` is below the environment. */
export interface AttentionItem {
  id: string
  severity: Severity
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
  weight: number
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
