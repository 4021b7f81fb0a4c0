/** One thing that happened, in a sentence: what the timeline of every page shows. */
export interface TimelineEntry {
  id: string
  at: number
  tone: 'bad' | 'warning' | 'good' | 'accent' | 'neutral'
  text: string
  /** The sentence without its place, and the place, where it has one: the same thing in many places is one entry. */
  what?: string
  places?: string[]
  /** Of a breaker that moved by itself: which, and to what. */
  transition?: { breaker: string; to: string }
  /** Page it belongs to, below the environment: `breakers?name=payments-api`. */
  href?: string
}
