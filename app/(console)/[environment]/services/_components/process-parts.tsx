import { BreakerStateBadge } from '@/app/(console)/_parts/breakers/breaker-state'
import { FailureMeter, measuredIn } from '@/app/(console)/_parts/breakers/failure-meter'
import { HealthBadge } from '@/app/(console)/_parts/health/health-state'
import { Section } from '@/app/(console)/_parts/sheets/section'
import { Duration } from '@/components/status/duration'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { AppLink } from '@/components/ui/app-link'
import { Badge } from '@/components/ui/badge'
import type { BreakerInstance } from '@/lib/console/areas/breakers/collect'
import type { ReportedDomain } from '@/lib/console/areas/services/views/process'
import type { HealthItem } from '@/lib/console/fleet/details'
import { formatBytes, formatExact, formatShort } from '@/lib/core/number-format'

const LINE = 'relative grid min-h-(--row) items-center gap-x-3 px-4 py-1 text-md'

export function ProcessBreakers({
  environment,
  breakers,
}: {
  environment: string
  breakers: readonly BreakerInstance[]
}) {
  return (
    <Section title="Breakers" note={formatExact(breakers.length)}>
      <ul>
        {breakers.map(breaker => (
          <li
            key={breaker.breaker}
            className={`${LINE} grid-cols-[minmax(0,1fr)_110px] hover:bg-sunk wide:grid-cols-[minmax(0,1fr)_110px_216px]`}
          >
            <AppLink
              href={`/${environment}/breakers?breaker=${encodeURIComponent(breaker.breaker)}`}
              className="min-w-0 -outline-offset-2 after:absolute after:inset-0"
            >
              <MiddleTruncate text={breaker.breaker} />
            </AppLink>
            <span>
              <BreakerStateBadge state={breaker.effective} forced={breaker.forced?.state} />
            </span>
            <span className="min-w-0 max-wide:hidden">
              <FailureMeter measured={measuredIn(breaker)} className="w-12" />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}

const BY_SEVERITY: HealthItem['status'][] = ['down', 'degraded', 'unknown', 'up']

export function ProcessHealth({ health }: { health: readonly HealthItem[] }) {
  const sorted = health.toSorted(
    (a, b) => BY_SEVERITY.indexOf(a.status) - BY_SEVERITY.indexOf(b.status) || a.name.localeCompare(b.name),
  )
  return (
    <Section title="Health checks" note={formatExact(health.length)}>
      <ul>
        {sorted.map(check => (
          <li key={check.name} className={`${LINE} grid-cols-[minmax(0,1fr)_110px_72px]`}>
            <span className="flex min-w-0 items-center gap-2">
              <MiddleTruncate text={check.name} />
              {check.critical ? <Badge className="shrink-0">critical</Badge> : null}
            </span>
            <span>
              <HealthBadge status={check.status} />
            </span>
            <Duration ms={check.latencyMs} className="text-right text-muted" />
            {check.status !== 'up' && (check.message || check.nextStep) ? (
              <p className="col-span-full pb-1 text-sm break-words text-muted">
                {[check.message && `${check.message.replace(/\.$/, '')}.`, check.nextStep].filter(Boolean).join(' ')}
              </p>
            ) : null}
          </li>
        ))}
      </ul>
    </Section>
  )
}

/** Domains that have no page yet: what was reported, in the reporter's own words. */
export function ReportedItems({ domain, total, items }: ReportedDomain) {
  return (
    <Section
      title={domain.charAt(0).toUpperCase() + domain.slice(1)}
      note={total > items.length ? `${formatExact(items.length)} of ${formatExact(total)}` : formatExact(total)}
    >
      <ul className="grid gap-1 px-4 pb-1">
        {items.map((item, index) => {
          const { name, ...figures } = item
          const title = typeof name === 'string' ? name : `${domain} ${index + 1}`
          return (
            <li key={title} className="grid gap-0.5 border-b border-line py-1.5 last:border-0">
              <MiddleTruncate text={title} className="text-md" />
              <dl className="flex flex-wrap gap-x-3.5 gap-y-0.5 text-sm">
                {figuresOf(figures).map(({ label, value }) => (
                  <div key={label} className="flex min-w-0 gap-1">
                    <dt className="shrink-0 text-faint">{label}</dt>
                    <dd className="min-w-0 break-words text-muted tabular-nums">{value}</dd>
                  </div>
                ))}
              </dl>
            </li>
          )
        })}
      </ul>
    </Section>
  )
}

export function Verbs({ verbs }: { verbs: readonly string[] }) {
  return (
    <Section title="Obeys">
      <div className="px-4 pb-1 text-md">
        {verbs.length === 0 ? (
          <p className="text-muted">No command: it joined without SUBSTATION_FLEET_KEY, so it only reports.</p>
        ) : (
          <p className="flex flex-wrap gap-1">
            {verbs.map(verb => (
              <Badge key={verb} tone="outline">
                <code>{verb}</code>
              </Badge>
            ))}
          </p>
        )}
      </div>
    </Section>
  )
}

const FIGURES = 24

/** A report flattened one level: `l1 hits 1,204`. What is deeper, or a list, is counted. */
function figuresOf(record: Record<string, unknown>, prefix = ''): { label: string; value: string }[] {
  return Object.entries(record)
    .flatMap(([key, value]) => {
      const label = prefix + spaced(key)
      if (value === null || value === undefined || value === '') return []
      if (typeof value === 'number') return [{ label, value: figure(key, value) }]
      if (typeof value === 'boolean') return [{ label, value: value ? 'yes' : 'no' }]
      if (typeof value === 'string') return [{ label, value: value.slice(0, 200) }]
      if (Array.isArray(value) && value.length === 0) return []
      if (Array.isArray(value))
        return [{ label, value: value.every(isText) ? value.join(', ') : formatExact(value.length) }]
      if (prefix === '') return figuresOf(value as Record<string, unknown>, `${label} `)
      return []
    })
    .slice(0, FIGURES)
}

const isText = (value: unknown) => typeof value === 'string'
const spaced = (key: string) =>
  key.replace(/([a-z0-9])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`)
const figure = (key: string, value: number) =>
  /bytes$/i.test(key) ? formatBytes(value) : isTime(key, value) ? timeWords(value) : formatShort(value)
/** `nextAt`, `since`: ms since the epoch, of this century. */
const isTime = (key: string, value: number) => /(?:At|at|since|until)$/.test(key) && value > 1e12 && value < 4e12
const timeWords = (at: number) => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`
