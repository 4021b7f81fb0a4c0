/** One thing that happened, in a sentence: what the timeline of every page shows. */
export interface TimelineEntry {
  id: string
  at: number
  tone: 'bad' | 'warning' | 'good' | 'accent' | 'neutral'
  text: string
  /** The sentence without its place, and the place, where there is one: the same thing in many places is one entry. */
  what?: string
  places?: string[]
  /** For something that changes on its own between good and bad: what, to which state, and the verb for its failing. */
  change?: Change
  /** For a process that started or ended: which, of which service. */
  lifetime?: { process: string; service: string; phase: 'start' | 'end' }
  /** Page it belongs to, below the environment: `breakers?name=payments-api`. */
  href?: string
}

export interface Change {
  subject: string
  state: 'good' | 'probing' | 'bad'
  /** `opened`, `failed`: what is counted while it flaps. */
  verb: string
}
