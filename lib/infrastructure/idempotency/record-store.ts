/** The result of the work as JSON; absent for undefined. `failed`: of a KeptFailure. */
export interface Outcome {
  state: 'completed' | 'failed'
  json?: string
}

export type Claim =
  | { kind: 'started'; fence: number }
  | { kind: 'in-flight' | 'conflict' | 'unknown' }
  | { kind: 'finished'; outcome: Outcome }

export interface ClaimOptions {
  /** Random for each claim, so that one whose answer was lost is recognised. */
  owner: string
  fingerprint?: string
  leaseMs: number
  /** Whether another may take over when the lease is over, and whether this one would. */
  retry: boolean
  /** When the record of a run that crashed is removed (ms after its lease); absent: never. */
  keepMs?: number
}

export type StoredRecord = { fence: number } & (Outcome | { state: 'in-flight' | 'unknown' })

/** What an adapter provides. Every call is atomic, and time is the store's own. */
export interface RecordStore {
  claim(key: string, options: ClaimOptions): Promise<Claim>
  /** These four change the record only while it is begun and its owner is this one; whether they did. */
  renew(key: string, owner: string, leaseMs: number, keepMs?: number): Promise<boolean>
  finish(key: string, owner: string, outcome: Outcome, ttlMs: number): Promise<boolean>
  /** Ends the lease and forbids taking over: the outcome is unknown. */
  abandon(key: string, owner: string): Promise<boolean>
  release(key: string, owner: string): Promise<boolean>
  read(key: string): Promise<StoredRecord | undefined>
  /** Finishes a record whose outcome is unknown. */
  resolve(key: string, outcome: Outcome, ttlMs: number): Promise<boolean>
  /** Removes a record that is not in flight. */
  forget(key: string): Promise<boolean>
  removeExpired(limit: number): Promise<number>
  close(): Promise<void>
}
