import { parseJson } from '../../core/json.ts'
import type { SyncMark, SyncProgress, SyncState } from './port.ts'

/** A pass that is under way, or was interrupted. */
export interface Pass extends SyncProgress {
  id: string
  /** Of the next page; absent for the first. */
  page?: string
  /** Every page was pulled: only what the source no longer has is left to remove. */
  pulled?: boolean
  since?: SyncMark
  /** The highest mark that it has seen. */
  highest?: SyncMark
}

/** What is kept of a sync, as JSON. */
export interface KeptState {
  mark?: SyncMark
  pass?: Pass
  lastCompleted?: SyncState['lastCompleted']
  lastError?: SyncState['lastError']
  retryAt?: number
  outcome?: 'completed' | 'failed' | 'deferred' | 'interrupted'
}

export const stateIn = (json: string | undefined): KeptState => (parseJson(json) as KeptState | undefined) ?? {}

export function progressOf({ startedAt, pages, items, changed, removed, total }: Pass): SyncProgress {
  return { startedAt, pages, items, changed, removed, ...(total === undefined ? {} : { total }) }
}

export function shownState(kept: KeptState, running: boolean): SyncState {
  const { mark, pass, lastCompleted, lastError, retryAt, outcome } = kept
  // It ended without an outcome: its process was killed.
  const ended = pass && outcome === 'completed' ? 'interrupted' : (outcome ?? (pass ? 'interrupted' : 'never'))
  return {
    status: running ? 'running' : ended,
    ...(mark === undefined ? {} : { mark }),
    ...(pass ? { pass: progressOf(pass) } : {}),
    ...(lastCompleted ? { lastCompleted } : {}),
    ...(lastError ? { lastError } : {}),
    ...(retryAt === undefined ? {} : { retryAt }),
  }
}
