export { createSyncs, type SyncDependencies } from './create.ts'
export { syncMigrations } from './migrations.ts'
export {
  type ApplyContext,
  PageExpiredError,
  type PullRequest,
  type Sync,
  type SyncDefinition,
  SyncError,
  type SyncErrorCode,
  type SyncMark,
  type SyncPage,
  type SyncProgress,
  type SyncRun,
  type SyncState,
  type Syncs,
} from './port.ts'
