import { fromRedisTime } from '../../fleet/clocks.ts'
import { isLiving } from '../../fleet/living.ts'
import type { FleetProcess, FleetSnapshot } from '../../fleet/port.ts'
import type { AttentionItem } from '../../platform/attention/item.ts'
import { counted, processes } from '../../platform/counted.ts'

/** Services with lost or late processes, and processes whose clock or protocol is off. */
export function ofProcesses(snapshot: FleetSnapshot): AttentionItem[] {
  const items: AttentionItem[] = []
  const by = (state: FleetProcess['state']) =>
    Map.groupBy(
      snapshot.processes.filter(process => process.state === state),
      process => process.service,
    )
  for (const [service, lost] of by('lost')) {
    const living = snapshot.processes.filter(process => process.service === service && isLiving(process)).length
    const last = Math.max(...lost.map(process => process.lastBeatAt))
    items.push({
      id: `lost:${service}`,
      band: living === 0 ? 'outage' : 'failing',
      share: lost.length / (lost.length + living),
      subject: service,
      text: lost.length === 1 ? `lost ${lost[0]?.instance}` : `lost ${processes(lost.length)}`,
      detail: `No heartbeat since, and it did not say that it stops. ${living === 0 ? 'No process of this service is left.' : `${counted(living, 'process of it is', 'processes of it are')} up.`}`,
      since: fromRedisTime(last, snapshot),
      href: `services?service=${encodeURIComponent(service)}&state=lost`,
      act: 'See processes',
      count: lost.length,
    })
  }
  for (const [service, late] of by('late')) {
    items.push({
      id: `late:${service}`,
      band: 'degraded',
      subject: service,
      text: `is late with ${late.length === 1 ? late[0]?.instance : processes(late.length)}`,
      detail: 'Three heartbeats missed: overloaded, paused or disconnected.',
      since: fromRedisTime(Math.max(...late.map(process => process.lastBeatAt)), snapshot),
      href: `services?service=${encodeURIComponent(service)}&state=late`,
      act: 'See processes',
      count: late.length,
      recovering: true,
    })
  }
  const skewed = snapshot.processes.filter(process => process.state === 'up' && Math.abs(process.skew ?? 0) > 1_000)
  if (skewed.length > 0)
    items.push({
      id: 'skew',
      band: 'notice',
      subject: processes(skewed.length),
      text: `${skewed.length === 1 ? 'has a clock' : 'have clocks'} more than a second off`,
      detail: skewed
        .slice(0, 5)
        .map(process => `${process.instance} ${Math.round((process.skew ?? 0) / 100) / 10} s`)
        .join(', '),
      href: 'services',
      act: 'See services',
    })
  const newer = snapshot.processes.filter(process => process.unsupported !== undefined)
  if (newer.length > 0)
    items.push({
      id: 'unsupported',
      band: 'unclear',
      subject: processes(newer.length),
      text: `${newer.length === 1 ? 'speaks' : 'speak'} a protocol newer than this console`,
      detail: 'They are listed without what they report. Update the console.',
      href: 'services',
      act: 'See services',
    })
  return items
}
