import { fromRedisTime, toConsoleTime } from '../../fleet/clocks.ts'
import { HealthItem, itemsOf } from '../../fleet/details.ts'
import type { FleetSnapshot } from '../../fleet/port.ts'

export type HealthStatus = 'up' | 'degraded' | 'down' | 'unknown'

export interface CheckInstance {
  process: string
  instance: string
  status: HealthStatus
  latencyMs?: number
  at?: number
  since: number
  message?: string
  nextStep?: string
}

/** One check of one service over its processes. */
export interface CheckNode {
  name: string
  group?: string
  critical: boolean
  status: HealthStatus
  counts: Record<HealthStatus, number>
  /** Median and slowest of the last results (ms). */
  latencyMs?: { median: number; max: number }
  since: number
  message?: string
  nextStep?: string
  owner?: string
  runbook?: string
  instances: CheckInstance[]
}

export interface ServiceNode {
  service: string
  status: HealthStatus
  processes: number
  checks: CheckNode[]
}

const BY_SEVERITY: HealthStatus[] = ['down', 'degraded', 'unknown', 'up']
const SHOWN = 50

export function worstOf(statuses: HealthStatus[]): HealthStatus {
  return BY_SEVERITY.find(status => statuses.includes(status)) ?? 'unknown'
}

/** The component tree: service, then check, then process. A process that stopped reporting makes its checks unknown. */
export function healthOf(snapshot: FleetSnapshot): ServiceNode[] {
  const present = snapshot.processes.filter(process => process.state !== 'left' && process.state !== 'replaced')
  return [...Map.groupBy(present, process => process.service)]
    .map(([service, members]): ServiceNode => {
      const results = members.flatMap(process =>
        (itemsOf(process, 'health', HealthItem)?.items ?? []).map(item => ({
          item,
          result: {
            process: process.id,
            instance: process.instance,
            status: process.state === 'lost' ? ('unknown' as const) : item.status,
            latencyMs: item.latencyMs,
            at: item.at === undefined ? undefined : toConsoleTime(item.at, process, snapshot),
            // Unknown since the last report of the process, whatever it said before.
            since:
              process.state === 'lost'
                ? fromRedisTime(process.lastBeatAt, snapshot)
                : toConsoleTime(item.since, process, snapshot),
            message: process.state === 'lost' ? 'its process is lost' : item.message,
            nextStep: item.nextStep,
          },
        })),
      )
      const checks = [...Map.groupBy(results, ({ item }) => item.name)]
        .map(([name, list]) => toCheck(name, list))
        .sort(bySeverity)
      // A check that is not critical cannot bring its service down, only degrade it.
      const status = worstOf(
        checks.map(check => (check.status === 'down' && !check.critical ? 'degraded' : check.status)),
      )
      return { service, status: checks.length === 0 ? 'unknown' : status, processes: members.length, checks }
    })
    .sort((a, b) => BY_SEVERITY.indexOf(a.status) - BY_SEVERITY.indexOf(b.status) || a.service.localeCompare(b.service))
}

function toCheck(name: string, list: { item: HealthItem; result: CheckInstance }[]): CheckNode {
  const counts: Record<HealthStatus, number> = { up: 0, degraded: 0, down: 0, unknown: 0 }
  for (const { result } of list) counts[result.status]++
  const status = worstOf(list.map(({ result }) => result.status))
  const worst = list.filter(({ result }) => result.status === status)
  const latencies = list
    .flatMap(({ result }) => (result.latencyMs === undefined ? [] : [result.latencyMs]))
    .sort((a, b) => a - b)
  const first = list[0]?.item
  const spoken = worst.find(({ result }) => result.message)?.result
  return {
    name,
    group: first?.group,
    critical: list.some(({ item }) => item.critical),
    status,
    counts,
    latencyMs:
      latencies.length === 0
        ? undefined
        : { median: latencies[Math.floor(latencies.length / 2)] ?? 0, max: latencies.at(-1) ?? 0 },
    since: Math.min(...worst.map(({ result }) => result.since)),
    message: spoken?.message,
    nextStep: spoken?.nextStep,
    owner: first?.owner,
    runbook: first?.runbook,
    instances: list
      .map(({ result }) => result)
      .sort(
        (a, b) => BY_SEVERITY.indexOf(a.status) - BY_SEVERITY.indexOf(b.status) || a.instance.localeCompare(b.instance),
      )
      .slice(0, SHOWN),
  }
}

const bySeverity = (a: CheckNode, b: CheckNode) =>
  BY_SEVERITY.indexOf(a.status) - BY_SEVERITY.indexOf(b.status) || a.name.localeCompare(b.name)
