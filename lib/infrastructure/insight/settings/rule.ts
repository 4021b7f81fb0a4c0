import type { Setting, SettingEvidence } from './settings.ts'

/** `danger`: data can be lost. `question`: it depends on something that Postgres does not know. */
export type AdviceKind = 'danger' | 'advice' | 'question'

export interface Verdict {
  kind: AdviceKind
  /** What is, in a few words. */
  title: string
  /** Why it should be otherwise, with what was measured. */
  why: string
  /** The value to give it, or a whole statement where it is not given to the server. */
  to: string | { statement: string }
}

/** What one setting is judged by. Nothing where it was not measured, or where all is well. */
export interface Rule {
  setting: string
  /** `overridden`: a role or a database sets it for itself, to something that is not off. */
  judge(setting: Setting, known: { evidence: SettingEvidence; overridden: boolean }): Verdict | undefined
}

export const MINUTE = 60_000
export const numberWords = (amount: number) => amount.toLocaleString('en')
