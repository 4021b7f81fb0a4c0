/** What travels between the browser and the operation runner. Types only: the browser imports nothing else of the console. */

/** How an act is confirmed: at once with an undo toast; after its preview; after its preview and the typed name of its target. */
export type Confirmation = 'none' | 'preview' | 'typed'
export type Risk = 'one' | 'many' | 'grave'
export type Role = 'viewer' | 'operator' | 'admin'

export interface OperationTarget {
  kind: string
  name: string
}

/** How many things an act affects, and how well that is known. `count` is absent exactly when the precision is unknown. */
export interface Affected {
  count?: number
  precision: 'exact' | 'sampled' | 'unknown'
  /** What they are called, singular or plural by the count: `1 process`, `12 processes`. */
  noun: string
  sample: string[]
}

export interface Preview {
  /** Proof that this preview was seen: bound to operation, input, actor and set; valid until `expiresAt` (ms). */
  token: string
  expiresAt: number
  summary: string
  /** The button's text, with the number: `Force open in 12 processes`. */
  action: string
  affected: Affected
  warnings: string[]
  /** Names of what depends on the target, where that is known. */
  dependents: string[]
  confirmation: Confirmation
  target: OperationTarget
  reasonRequired: boolean
  /** Present when the effect can be undone: for how long (ms). */
  undo?: { windowMs: number }
  /** How to reverse the act where undo is not offered, as a sentence; where undo is offered, what it costs. */
  undoWords?: string
  /** What will be sent to the target, verbatim. */
  texts?: PreviewText[]
  /** Fields that the form need not show unless they are offered. */
  offers?: string[]
}

export interface PreviewText {
  name: string
  text: string
}

export type RunStatus =
  | 'queued'
  | 'running'
  | 'succeeded'
  /** Some items succeeded, some did not: the ledger says which. */
  | 'partial'
  | 'failed'
  | 'aborted'
  /** The worker was lost and the operation cannot find out how far it came. */
  | 'unknown'
  | 'undone'

export interface RunItem {
  key: string
  status: 'pending' | 'done' | 'failed' | 'refused' | 'silent' | 'unsupported' | 'skipped'
  message?: string
  at?: number
}

export interface Run {
  id: string
  operation: string
  title: string
  environment: string
  target: OperationTarget
  /** Which part of the target: `product:*`. */
  about?: string
  actor: { id: string; name: string }
  via: 'console' | 'api'
  status: RunStatus
  /** Sensitive fields are already replaced. */
  input: unknown
  reason?: string
  /** Plain words: what was done, or what went wrong and what to do next. */
  summary?: string
  /** The id under which an unknown error was logged. */
  errorId?: string
  progress?: { done: number; total?: number; note?: string }
  items: {
    total: number
    byStatus: Partial<Record<RunItem['status'], number>>
    sample: RunItem[]
    /** What they are, where the operation says so: `process`, `processes`. */
    noun?: string
  }
  startedAt: number
  finishedAt?: number
  abortable: boolean
  abortRequestedBy?: string
  undo?: { until: number; run?: string }
  /** Of a run that itself undoes another one. */
  undoOf?: string
}

/** A known refusal, in plain words. `fields` maps an input's path to what is wrong with it. */
export interface Refusal {
  code:
    | 'unauthenticated'
    | 'forbidden'
    | 'not_found'
    | 'invalid'
    | 'preview_required'
    | 'preview_expired'
    | 'set_grew'
    | 'confirmation'
    | 'conflict'
    | 'unavailable'
    | 'internal'
  message: string
  nextStep?: string
  fields?: Record<string, string>
  errorId?: string
  /** The role that would be allowed, for `forbidden`. */
  needs?: Role
}

export type Outcome<T> = { ok: true; value: T } | { ok: false; error: Refusal }

/** What the browser knows of an operation before it asks: enough for a button, a palette entry, a denied state. */
export interface OperationSummary {
  id: string
  title: string
  risk: Risk
  permission: string
  needs: Role
  allowed: boolean
  /** Which kind of thing it acts on: `breaker`, `process`, `run`. */
  targetKind: string
  /** Where its targets are listed, below the environment. */
  place: string
}

export interface RunRequest {
  environment: string
  operation: string
  input: unknown
  token?: string
  typedName?: string
}
