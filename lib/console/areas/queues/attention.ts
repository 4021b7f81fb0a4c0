import type { AttentionItem } from '../../platform/attention/item.ts'
import { counted } from '../../platform/counted.ts'
import type { Part } from '../../platform/part/part.ts'
import { BACKED_UP_BADLY, type Trouble, troublesOf, waitingOf } from './condition.ts'
import { evicts, type ServerReading, type WatchedQueue } from './port.ts'

/** Of one kind of trouble so many queues are told one by one; the others together. */
const TOLD = 8

type Told = Pick<AttentionItem, 'severity' | 'text' | 'detail' | 'since' | 'weight'> & { recovering?: boolean }

/** What of the queues wants somebody: each queue once, by the gravest of its troubles. */
export function ofQueues(servers: readonly { name: string; part: Part<ServerReading> }[]): AttentionItem[] {
  const now = Date.now()
  const items: AttentionItem[] = []
  const counts = new Map<Trouble, number>()
  for (const { name, part } of servers) {
    // A server that does not answer is told as such; what its queues were is no news.
    if (part.status !== 'up') continue
    const { queues, evictionPolicy } = part.data
    if (evicts(evictionPolicy) && queues.length > 0)
      items.push({
        id: `queues:${name}:evicts`,
        severity: 'warning',
        subject: name,
        text: `holds ${queues.length === 1 ? 'a queue' : counted(queues.length, 'queue')} and may throw jobs away`,
        detail: `Its maxmemory-policy is ${evictionPolicy}: when memory is short, Redis evicts keys. Queues need noeviction.`,
        href: `queues?server=${encodeURIComponent(name)}`,
        act: 'See queues',
        weight: 36,
      })
    const troubled = queues.flatMap(queue => {
      const [trouble] = troublesOf(queue, now)
      return trouble === undefined ? [] : [{ queue, trouble, told: tell(queue, trouble, now) }]
    })
    for (const { queue, trouble, told } of troubled.sort((a, b) => b.told.weight - a.told.weight)) {
      const count = (counts.get(trouble) ?? 0) + 1
      counts.set(trouble, count)
      if (count > TOLD) continue
      items.push({
        ...told,
        id: `queue:${name}:${queue.key}`,
        subject: queue.name,
        href: `queues?server=${encodeURIComponent(name)}&queue=${encodeURIComponent(queue.key)}`,
        act: 'See queue',
      })
    }
  }
  const more = [...counts.values()].reduce((sum, count) => sum + Math.max(0, count - TOLD), 0)
  if (more > 0)
    items.push({
      id: 'queues:more',
      severity: 'warning',
      count: more,
      subject: counted(more, 'more queue'),
      text: more === 1 ? 'wants a look' : 'want a look',
      detail: 'Their troubles are of the same kinds.',
      href: 'queues?state=troubled',
      act: 'See queues',
      weight: 33,
    })
  return items
}

function tell(queue: WatchedQueue, trouble: Trouble, now: number): Told {
  const { counts, waitingSince, failedLately = 0, lastFailedAt, dyingSince, inPausedList, workers, writer } = queue
  const waiting = waitingOf(queue)
  const jobs = (count: number | undefined, one: string, many: string) =>
    count === undefined ? `an unknown number of jobs ${many}` : counted(count, `job ${one}`, `jobs ${many}`)
  if (trouble === 'no-workers')
    return {
      severity: 'bad',
      text: `has no worker and ${jobs(waiting, 'waits', 'wait')}`,
      detail: 'No connection to its Redis says that it works on this queue.',
      since: waitingSince,
      weight: 74,
    }
  if (trouble === 'left-behind')
    return {
      severity: 'bad',
      text: `holds ${jobs(inPausedList, 'that nobody takes', 'that nobody takes')}`,
      detail: `They lie in the list that BullMQ ${writer.major === 6 ? '4 and 5 use and 6 does not' : 'empties when it resumes'}. Resuming the queue brings them back.`,
      weight: 68,
    }
  if (trouble === 'dead-letters')
    return {
      severity: failedLately >= 100 ? 'bad' : 'warning',
      text: `gathers dead letters: ${failedLately.toLocaleString('en')} in ten minutes`,
      detail: `${(counts.failed ?? 0).toLocaleString('en')} in all. Look at their errors; they can be replayed once the cause is gone.`,
      since: dyingSince ?? lastFailedAt,
      // Ten in ten minutes trouble somebody; thousands are an outage.
      weight: 46 + Math.min(22, 6 * Math.log10(failedLately)),
    }
  if (trouble === 'backing-up') {
    const age = now - (waitingSince ?? now)
    const atWork = workers.known ? ` ${counted(workers.value.length, 'worker is', 'workers are')} at it.` : ''
    return {
      severity: age > BACKED_UP_BADLY ? 'bad' : 'warning',
      text: `backs up: ${jobs(waiting, 'waits', 'wait')}`,
      detail: `The oldest has waited for ${Math.round(age / 60_000)} minutes.${atWork}`,
      since: waitingSince,
      weight: age > BACKED_UP_BADLY ? 66 : 47,
    }
  }
  return {
    severity: 'warning',
    text: `is paused while ${jobs(waiting, 'waits', 'wait')}`,
    detail: 'No job of it is begun until somebody resumes it.',
    since: waitingSince,
    weight: (waiting ?? 0) > 0 ? 43 : 28,
  }
}
