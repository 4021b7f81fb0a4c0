import type { AnyOperation } from '../platform/operation/define.ts'
import { forceBreaker } from './breakers/operations/force.ts'
import { releaseBreaker } from './breakers/operations/release.ts'
import { resetBreaker } from './breakers/operations/reset.ts'
import { deleteKeys } from './caches/operations/delete-keys.ts'
import { invalidateCache } from './caches/operations/invalidate.ts'
import { rollBackMigrations } from './migrations/operations/roll-back.ts'
import { runMigrations } from './migrations/operations/run.ts'
import { pauseQueue } from './queues/operations/pause.ts'
import { promoteJobs } from './queues/operations/promote.ts'
import { removeJobs } from './queues/operations/remove.ts'
import { replayQueue } from './queues/operations/replay.ts'
import { resumeQueue } from './queues/operations/resume.ts'
import { forgetProcess } from './services/operations/forget.ts'

/** Everything an operator can do. */
export const operations: readonly AnyOperation[] = [
  forceBreaker,
  releaseBreaker,
  resetBreaker,
  invalidateCache,
  deleteKeys,
  runMigrations,
  rollBackMigrations,
  forgetProcess,
  pauseQueue,
  resumeQueue,
  replayQueue,
  promoteJobs,
  removeJobs,
]
