import { forceBreaker } from './breaker/force.ts'
import { releaseBreaker } from './breaker/release.ts'
import { resetBreaker } from './breaker/reset.ts'
import { deleteKeys } from './cache/delete-keys.ts'
import { invalidateCache } from './cache/invalidate.ts'
import type { AnyOperation } from './define.ts'
import { rollBackMigrations } from './migration/roll-back.ts'
import { runMigrations } from './migration/run.ts'
import { forgetProcess } from './process/forget.ts'
import { pauseQueue } from './queue/pause.ts'
import { promoteJobs } from './queue/promote.ts'
import { removeJobs } from './queue/remove.ts'
import { replayQueue } from './queue/replay.ts'
import { resumeQueue } from './queue/resume.ts'

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
