import { type AttentionItem, BANDS, type Severity } from '../../platform/attention/item.ts'
import { counted } from '../../platform/counted.ts'
import type { Part } from '../../platform/part/part.ts'
import { BACKED_UP_BADLY, type Trouble, troublesOf, waitingOf } from './condition.ts'
import { evicts, type ServerReading, type WatchedQueue } from './port.ts'
import { queueTitle } from './title.ts'

/** The number of jobs without a worker that counts as a full effect on users; fewer count on a logarithmic scale. */
const MANY_JOBS = 10_000
/** The number of dead letters in ten minutes from which the queue counts as failing. */
const MANY_DEAD_LETTERS = 100
/** The most names in an item for several queues. */
const NAMED = 3

interface Troubled {
  server: string
  queue: WatchedQueue
  trouble: Trouble
}

type Judgement = Pick<AttentionItem, 'band' | 'share' | 'since'>

/** Queues that need attention: one item per kind of trouble, each queue under its most severe one. */
export function ofQueues(
  servers: readonly { name: string; part: Part<ServerReading> }[],
  now = Date.now(),
  errors: ReadonlyMap<string, string> = new Map(),
): AttentionItem[] {
  const items: AttentionItem[] = []
  const troubled: Troubled[] = []
  for (const { name, part } of servers) {
    // That a server does not answer is an item of its own; the last state of its queues is out of date.
    if (part.status !== 'up') continue
    const { queues, evictionPolicy } = part.data
    if (evicts(evictionPolicy) && queues.length > 0)
      items.push({
        id: `queues:${name}:evicts`,
        band: 'notice',
        subject: name,
        text: `has ${queues.length === 1 ? 'a queue' : counted(queues.length, 'queue')} and may evict jobs`,
        detail: `Its maxmemory-policy is ${evictionPolicy}: when memory is short, Redis evicts keys. Queues need noeviction.`,
        href: `queues?server=${encodeURIComponent(name)}`,
        act: 'See queues',
      })
    for (const queue of queues) {
      const [trouble] = rankedTroubles(queue, now)
      if (trouble !== undefined) troubled.push({ server: name, queue, trouble })
    }
  }
  for (const [trouble, queues] of Map.groupBy(troubled, known => known.trouble)) {
    const [first] = queues
    if (first && queues.length === 1) items.push(ofOne(first, now, errors))
    else items.push(ofMany(trouble, queues, now, errors))
  }
  return items
}

/** Names the error of a queue in `errors`. */
export const errorKey = (server: string, queue: string) => `${server}\n${queue}`

const mostly = (error: string | undefined) => (error ? `Mostly “${error.replace(/\.$/, '')}”. ` : '')

function ofOne({ server, queue, trouble }: Troubled, now: number, errors: ReadonlyMap<string, string>): AttentionItem {
  const { text, detail } = describeOne(queue, trouble, now)
  const hasDeadLetters = trouble === 'dead-letters'
  return {
    ...judge(queue, trouble, now),
    text,
    detail: hasDeadLetters ? `${mostly(errors.get(errorKey(server, queue.key)))}${detail}` : detail,
    id: `queue:${server}:${queue.key}:${trouble}`,
    subject: queueTitle(queue.key),
    href: `queues?server=${encodeURIComponent(server)}&queue=${encodeURIComponent(queue.key)}`,
    act: hasDeadLetters ? 'Review and replay' : 'See queue',
  }
}

/** As severe as the worst of them, and as old as the first. */
function ofMany(
  trouble: Trouble,
  troubled: readonly Troubled[],
  now: number,
  errors: ReadonlyMap<string, string>,
): AttentionItem {
  const worst = troubled
    .map(({ server, queue }) => ({ server, queue, ...judge(queue, trouble, now) }))
    .sort((a, b) => Number(b.band === 'failing') - Number(a.band === 'failing') || (b.share ?? 0) - (a.share ?? 0))
  const since = worst.flatMap(({ since }) => since ?? [])
  const names = worst.map(({ queue }) => queueTitle(queue.key))
  const more = names.length - NAMED
  const listed = more > 1 ? `${names.slice(0, NAMED).join(', ')} and ${more} more` : names.join(', ')
  return {
    band: worst[0]?.band ?? 'degraded',
    share: worst[0]?.share,
    since: since.length > 0 ? Math.min(...since) : undefined,
    count: troubled.length,
    id: `queues:${trouble}`,
    subject: counted(troubled.length, 'queue'),
    text: describeMany(
      troubled.map(({ queue }) => queue),
      trouble,
    ),
    detail:
      `${listed}. ${trouble === 'dead-letters' ? mostly(worst.flatMap(({ server, queue }) => errors.get(errorKey(server, queue.key)) ?? [])[0]) : ''}`.trim(),
    href: `queues?state=${trouble}`,
    act: 'See queues',
  }
}

function judge(queue: WatchedQueue, trouble: Trouble, now: number): Judgement {
  const { waitingSince, failedLately = 0, failingSince, lastFailedAt } = queue
  const jobs = waitingOf(queue) ?? 0
  const share = Math.min(1, Math.log10(1 + jobs) / Math.log10(MANY_JOBS))
  switch (trouble) {
    case 'no-workers':
      return { band: 'failing', share, since: waitingSince }
    case 'orphaned': {
      // A connected worker finds them within a minute; without one they stay.
      const found = queue.workers.known && queue.workers.value.length > 0
      return {
        band: found ? 'notice' : 'failing',
        share: Math.min(1, Math.log10(1 + orphansOf(queue)) / Math.log10(MANY_JOBS)),
      }
    }
    case 'left-behind':
      return { band: 'failing', share: Math.min(1, Math.log10(1 + queue.inPausedList) / Math.log10(MANY_JOBS)) }
    case 'dead-children': {
      const { parents = 0, since } = queue.deadChildren ?? {}
      return { band: 'degraded', share: Math.min(1, Math.log10(1 + parents) / Math.log10(MANY_JOBS)), since }
    }
    case 'dead-letters':
      return {
        band: failedLately >= MANY_DEAD_LETTERS ? 'failing' : 'degraded',
        share: Math.min(1, Math.log10(1 + failedLately) / Math.log10(MANY_JOBS)),
        since: failingSince ?? lastFailedAt,
      }
    case 'backing-up':
      return {
        band: now - (waitingSince ?? now) > BACKED_UP_BADLY ? 'failing' : 'degraded',
        share,
        since: waitingSince,
      }
    case 'paused':
      return { band: jobs > 0 ? 'degraded' : 'notice', share, since: waitingSince }
  }
}

/** The troubles of a queue, the most severe first: the overview counts it under that one, and its page shows it first. */
export function rankedTroubles(queue: WatchedQueue, now = Date.now()): Trouble[] {
  const order: Severity[] = ['bad', 'warning', 'unknown']
  const severity = (trouble: Trouble) => order.indexOf(BANDS[judge(queue, trouble, now).band])
  return troublesOf(queue, now).sort((a, b) => severity(a) - severity(b))
}

/** How severe each trouble of a queue is, on its page and on the overview. */
export function severitiesOf(queue: WatchedQueue, troubles: readonly Trouble[], now = Date.now()): Severity[] {
  return troubles.map(trouble => BANDS[judge(queue, trouble, now).band])
}

/** `waits for a dead letter in flow.children`: said of a queue of parents. */
function waitsForDead(keys: readonly string[]): string {
  const [first = '', ...others] = keys.map(queueTitle)
  const more =
    others.length > 1 ? ` and ${counted(others.length, 'other queue')}` : others.map(other => ` and ${other}`).join('')
  return `waits for ${others.length > 0 ? 'dead letters' : 'a dead letter'} in ${first}${more}`
}

const orphansOf = ({ orphans = 0 }: WatchedQueue) => orphans

const jobsThat = (count: number | undefined, one: string, many: string) =>
  count === undefined ? `an unknown number of jobs ${many}` : counted(count, `job ${one}`, `jobs ${many}`)

function describeOne(queue: WatchedQueue, trouble: Trouble, now: number): Pick<AttentionItem, 'text' | 'detail'> {
  const { counts, waitingSince, failedLately = 0, inPausedList, workers, writer } = queue
  const waiting = waitingOf(queue)
  switch (trouble) {
    case 'no-workers':
      return {
        text: `has no worker and ${jobsThat(waiting, 'waits', 'wait')}`,
        detail: 'No connection to its Redis says that it works on this queue.',
      }
    case 'orphaned': {
      const orphans = orphansOf(queue)
      const atLeast = orphans < (counts.active ?? 0) ? 'at least ' : ''
      return {
        text: `has ${atLeast}${counted(orphans, 'active job', 'active jobs')} that lost ${orphans === 1 ? 'its worker' : 'their workers'}`,
        detail: `Nobody holds ${orphans === 1 ? 'its lock' : 'their locks'}. ${
          workers.known && workers.value.length > 0
            ? 'A connected worker takes such jobs back within about a minute.'
            : 'They stay until a worker starts, or until they are released or removed.'
        }`,
      }
    }
    case 'left-behind':
      return {
        text: `has ${jobsThat(inPausedList, 'that no worker takes', 'that no worker takes')}`,
        detail: `They are in the paused list, which BullMQ ${writer.major === 6 ? '4 and 5 use and 6 does not' : 'empties when it resumes'}. Resuming the queue makes them available again.`,
      }
    case 'dead-children': {
      const { parents = 0, queues = [] } = queue.deadChildren ?? {}
      return {
        text: waitsForDead(queues.map(({ key }) => key)),
        detail: `${counted(parents, 'job does', 'jobs do')} not continue until the dead letters of ${parents === 1 ? 'its' : 'their'} children are replayed and completed.`,
      }
    }
    case 'dead-letters':
      return {
        text: `has ${counted(failedLately, 'new dead letter')} in ten minutes`,
        detail: `${(counts.failed ?? 0).toLocaleString('en')} in total; replay them once the cause is fixed.`,
      }
    case 'backing-up': {
      const atWork = workers.known ? ` ${counted(workers.value.length, 'worker is', 'workers are')} connected.` : ''
      return {
        text: `backs up: ${jobsThat(waiting, 'waits', 'wait')}`,
        detail: `The oldest has waited for ${Math.round((now - (waitingSince ?? now)) / 60_000)} minutes.${atWork}`,
      }
    }
    case 'paused':
      return {
        text: `is paused while ${jobsThat(waiting, 'waits', 'wait')}`,
        detail: 'No job starts until it is resumed.',
      }
  }
}

function describeMany(queues: readonly WatchedQueue[], trouble: Trouble): string {
  const sum = (pick: (queue: WatchedQueue) => number | undefined) =>
    queues.reduce((total, queue) => total + (pick(queue) ?? 0), 0)
  const waiting = () => jobsThat(sum(waitingOf), 'waits', 'wait')
  switch (trouble) {
    case 'no-workers':
      return `have no worker and ${waiting()}`
    case 'orphaned':
      return `have ${counted(sum(orphansOf), 'active job', 'active jobs')} that lost their workers`
    case 'left-behind':
      return `have ${jobsThat(
        sum(queue => queue.inPausedList),
        'that no worker takes',
        'that no worker takes',
      )}`
    case 'dead-children':
      return 'have parents that wait for dead letters'
    case 'dead-letters':
      return `have ${counted(
        sum(queue => queue.failedLately),
        'new dead letter',
      )} in ten minutes`
    case 'backing-up':
      return `back up: ${waiting()}`
    case 'paused':
      return `are paused while ${waiting()}`
  }
}
