import { forceBreaker } from './breaker/force.ts'
import { releaseBreaker } from './breaker/release.ts'
import { resetBreaker } from './breaker/reset.ts'
import { deleteKeys } from './cache/delete-keys.ts'
import { invalidateCache } from './cache/invalidate.ts'
import type { AnyOperation } from './define.ts'
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
  forgetProcess,
  pauseQueue,
  resumeQueue,
  replayQueue,
  promoteJobs,
  removeJobs,
]
