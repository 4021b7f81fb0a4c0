import type { Condition, JobTest } from '../../../../infrastructure/queue/index.ts'

/** What is known of a job by where it is, before it is read. */
export interface ScopeTest {
  test: 'scope'
  field: 'queue' | 'server' | 'state'
  is: '=' | '!=' | '~' | '!~'
  value: string
}

export type QueryCondition = Condition<JobTest | ScopeTest>
