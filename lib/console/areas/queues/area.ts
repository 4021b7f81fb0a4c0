import { defineArea } from '../../platform/area/define.ts'
import { nameGroup, placeOf } from '../../platform/area/names.ts'
import { ofQueues } from './attention.ts'
import { jobSearchNamed } from './job-search/named.ts'
import { addJob } from './operations/add-job.ts'
import { changeDelay } from './operations/change-delay.ts'
import { changePriority } from './operations/change-priority.ts'
import { cleanQueue } from './operations/clean.ts'
import { drainQueue } from './operations/drain.ts'
import { duplicateJob } from './operations/duplicate.ts'
import { editPayload } from './operations/edit-payload.ts'
import { ignoreDependencies } from './operations/ignore-dependencies.ts'
import { mindDependencies } from './operations/mind-dependencies.ts'
import { moveToDeadLetters } from './operations/move-to-dead-letters.ts'
import { obliterateQueue } from './operations/obliterate.ts'
import { pauseQueue } from './operations/pause.ts'
import { promoteJobs } from './operations/promote.ts'
import { promoteFound } from './operations/promote-found.ts'
import { releaseJobs } from './operations/release.ts'
import { releaseDeduplication } from './operations/release-deduplication.ts'
import { releaseFound } from './operations/release-found.ts'
import { releaseParent } from './operations/release-parent.ts'
import { removeJobs } from './operations/remove.ts'
import { removeFamily } from './operations/remove-family.ts'
import { removeFound } from './operations/remove-found.ts'
import { replayQueue } from './operations/replay.ts'
import { resumeQueue } from './operations/resume.ts'
import { runNow } from './operations/run-now.ts'
import { setLimits } from './operations/set-limits.ts'
import { setQueueMajor } from './operations/set-major.ts'
import { QueuePauses } from './pauses.ts'
import { BullBoard, Queues } from './resource.ts'
import { queueTitle } from './title.ts'
import { topErrors } from './top-error.ts'
import { deduplicationView } from './views/deduplication.ts'
import { jobView } from './views/job.ts'
import { jobTimelineView } from './views/job-timeline.ts'
import { queueView } from './views/queue.ts'
import { queuesView } from './views/queues.ts'
import { timesView } from './views/times.ts'

export const queuesArea = defineArea({
  id: 'queues',
  title: 'Queues',
  page: { group: 'operate', icon: 'rows', shortcut: 'q', counts: 'in trouble' },
  permissions: {
    'queue:read': 'viewer',
    // Job data may be confidential; without this permission, fields that look secret are hidden.
    'queue:payload': 'operator',
    'queue:pause': 'operator',
    'queue:resume': 'operator',
    'queue:replay': 'operator',
    'queue:promote': 'operator',
    'queue:release': 'operator',
    'queue:set-major': 'operator',
    'queue:limit': 'operator',
    'queue:edit': 'operator',
    'queue:add': 'operator',
    // Removal cannot be undone.
    'queue:remove': 'admin',
    'queue:obliterate': 'admin',
  },
  topics: { queues: 'queue:read' },
  resources: [Queues, BullBoard, QueuePauses],
  views: [queuesView, queueView, jobView, jobTimelineView, timesView, deduplicationView],
  operations: [
    pauseQueue,
    resumeQueue,
    replayQueue,
    promoteJobs,
    releaseJobs,
    releaseParent,
    removeJobs,
    removeFamily,
    setQueueMajor,
    setLimits,
    drainQueue,
    cleanQueue,
    obliterateQueue,
    addJob,
    editPayload,
    changePriority,
    changeDelay,
    runNow,
    moveToDeadLetters,
    duplicateJob,
    ignoreDependencies,
    mindDependencies,
    releaseDeduplication,
    promoteFound,
    releaseFound,
    removeFound,
  ],
  async attention({ environment }, { fresh }) {
    const { servers } = environment.of(Queues)
    // A read queue is read again every two seconds, which a badge does not need.
    const parts = await Promise.all(
      servers.map(async server => ({ name: server.name, part: fresh ? await server.read() : server.peek() })),
    )
    const answered = parts.flatMap(({ name, part }) => (part ? [{ name, part }] : []))
    // A badge shows a number only.
    const errors = fresh ? await topErrors(servers, answered) : undefined
    return { items: ofQueues(answered, Date.now(), errors), known: answered.some(({ part }) => part.status !== 'down') }
  },
  samples: environment => [environment.of(Queues).samples],
  async names({ environment }, query) {
    const queues = environment.of(Queues).servers.flatMap(server => {
      const part = server.peek()
      const known = !part || part.status === 'down' ? [] : part.data.queues
      return known.map(({ key }) => ({
        id: `queue-${server.name}-${key}`,
        label: queueTitle(key),
        detail: server.name,
        href: placeOf('queues', { server: server.name, queue: key }),
      }))
    })
    return [nameGroup('queues', 'Queues', query, queues, 'queue'), jobSearchNamed(query)]
  },
})
