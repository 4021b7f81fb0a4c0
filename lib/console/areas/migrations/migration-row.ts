import {
  type MigrationEntry,
  type MigrationScript,
  type MigrationState,
  obstacleOf,
  remarksAbout,
} from '../../../infrastructure/migrations/index.ts'
import type { Application } from './runs.ts'

/** One migration in a list. */
export interface MigrationRow {
  name: string
  state: MigrationState
  /** Pending, though a later one is applied. */
  outOfOrder: boolean
  /** It has a .down.sql that can be run. */
  reversible: boolean
  /** Runs outside a transaction. */
  alone: boolean
  statements: number
  /** Why it can never be run as it is. */
  problem?: string
  /** What has to be known before it is run, as sentences. */
  remarks: string[]
  /** What rolling it back cannot bring back: what its own statements take away. */
  loses: string[]
  /** What rolling it back takes away in turn. */
  downLoses: string[]
  /** Who applied it and when: from the journal, otherwise from this console's audit. */
  applied?: { at?: number; by?: string; durationMs?: number; run?: string }
}

export function toRow(entry: MigrationEntry, application?: Application): MigrationRow {
  const { name, state, outOfOrder, file, applied } = entry
  // An act from this console counts only for the latest application.
  const ours =
    application && (applied?.appliedAt === undefined || Math.abs(application.at - applied.appliedAt) < 60_000)
  return {
    name,
    state,
    outOfOrder,
    reversible: file?.down !== undefined && file.down.problem === undefined,
    alone: file?.up.alone ?? false,
    statements: file?.up.statements.length ?? 0,
    problem: state === 'pending' ? (obstacleOf([entry], 'up')?.why ?? undefined) : undefined,
    remarks: state === 'pending' ? remarksAbout([entry]).map(remark => `${remark}.`) : [],
    loses: lossesOf(file?.up),
    downLoses: lossesOf(file?.down),
    applied: applied && {
      at: applied.appliedAt ?? (ours ? application.at : undefined),
      by: applied.appliedBy ?? (ours ? application.by : undefined),
      durationMs: applied.durationMs,
      run: ours ? application.run : undefined,
    },
  }
}

const lossesOf = (script: MigrationScript | undefined) =>
  (script?.statements ?? []).flatMap(({ forecast }) => forecast?.loses ?? [])
