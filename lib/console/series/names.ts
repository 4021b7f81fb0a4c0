/** A series' name in Prometheus' notation, labels sorted. */
export function seriesName(family: string, labels: Readonly<Record<string, string>> = {}): string {
  const pairs = Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, text]) => `${label}="${escaped(text)}"`)
  return pairs.length === 0 ? family : `${family}{${pairs.join(',')}}`
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')
}

/** The labels of a name that `seriesName` wrote. */
export function labelsOf(series: string): Record<string, string> {
  const brace = series.indexOf('{')
  if (brace < 0) return {}
  const pairs = series.slice(brace + 1, -1).matchAll(/([^=,{}"]+)="((?:[^"\\]|\\.)*)"/g)
  return Object.fromEntries([...pairs].map(([, label = '', text = '']) => [label, unescaped(text)]))
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/g, (_, sign: string) => (sign === 'n' ? '\n' : sign))
}

/** The name without its labels. */
export function familyOf(series: string): string {
  const brace = series.indexOf('{')
  return brace < 0 ? series : series.slice(0, brace)
}

/** Stands for every label set of a name. */
export const ALL_LABELS = '{*}'

/** Kept for every service, whatever it registers. Rates per second; memory in bytes, delay in seconds. */
export const SERVICE_SERIES = {
  requests: 'requests',
  errors: 'request_errors',
  duration: 'request_seconds',
  lag: 'event_loop_lag_seconds',
  heap: 'heap_bytes',
  rss: 'resident_bytes',
  cpu: 'cpu_cores',
  processes: 'processes',
} as const

/** What the requests of a service are split by, beside its routes: rates per second. */
export const SPLIT_SERIES = {
  version: { requests: 'version_requests', errors: 'version_request_errors', duration: 'version_request_seconds' },
  process: { requests: 'process_requests', errors: 'process_request_errors', duration: 'process_request_seconds' },
} as const
export type Split = keyof typeof SPLIT_SERIES

/** The most processes of a service that are kept separately. */
export const MOST_PROCESSES = 40
export const PROCESS_FAMILIES: ReadonlySet<string> = new Set(Object.values(SPLIT_SERIES.process))
/** Made by the console; not metrics that a process registered. */
export const SPLIT_FAMILIES: readonly string[] = [...Object.values(SPLIT_SERIES.version), ...PROCESS_FAMILIES]

/** Kept for every breaker, by the service that has it. */
export const BREAKER_SERIES = {
  calls: 'breaker_calls',
  failures: 'breaker_failures',
  rejected: 'breaker_rejected',
} as const

/** Seconds. Kept for every check, by its service, and for every watched server, under `redis:NAME` or `postgres:NAME`. */
export const HEALTH_SERIES = { check: 'health_check_seconds', answer: 'server_answer_seconds' } as const

/** Kept for every queue, under the service `redis:NAME` of its server. Jobs; completed and failed per second. */
export const QUEUE_SERIES = {
  waiting: 'queue_waiting',
  deadLetters: 'queue_dead_letters',
  completed: 'queue_completed',
  failed: 'queue_failed',
} as const

/** The service under which the figures of a Redis server are kept. */
export const redisService = (server: string) => `redis:${server}`

/** The service under which the figures of a watched database are kept. */
export const postgresService = (database: string) => `postgres:${database}`
