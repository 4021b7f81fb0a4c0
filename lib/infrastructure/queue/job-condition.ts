/** A text of a job that is compared as a whole or in part; times in ms since the epoch. */
export type JobTextField = 'id' | 'name' | 'error' | 'stack'
export type JobNumberField = 'attempts' | 'priority' | 'added' | 'processed' | 'finished' | 'due'
/** A field of a job that contains JSON. */
export type JobJsonField = 'data' | 'options' | 'result'

/** `~`: contains, without regard to case (ASCII). */
export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=' | '~' | '!~'

/** What a value within JSON is compared with. */
export interface Operand {
  text: string
  /** It was quoted: only texts equal it. Otherwise a number, `true`, `false` or `null` also equals that JSON value. */
  quoted: boolean
}

/** One question about one job. */
export type JobTest =
  /** Any text: in the id, the name, the error, or anywhere in the data. */
  | { test: 'text'; contains: string }
  | { test: 'field'; field: JobTextField; is: '=' | '!=' | '~' | '!~'; value: string }
  | { test: 'number'; field: JobNumberField; is: Exclude<Comparison, '~' | '!~'>; value: number }
  /**
   * A value within JSON: true when one of the values at the path compares so; every element of an array is one. `!=` and `!~` need at
   * least one value there and none that compares so. An empty path is the whole, which can only contain a text.
   */
  | { test: 'json'; field: JobJsonField; path: string[]; is: Comparison | 'exists'; value: Operand }
  /** A trace, user or workspace that the data or the options name, as `userId`, `user_id`, `user: { id }` and the like. */
  | { test: 'carries'; what: 'trace' | 'user' | 'workspace'; value: string }

export type Condition<Test> = { all: Condition<Test>[] } | { any: Condition<Test>[] } | { not: Condition<Test> } | Test

export type JobCondition = Condition<JobTest>
