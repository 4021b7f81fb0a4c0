'use client'
import { Activity, Clock, HeartPulse, ScrollText, Server, Unplug, Zap } from 'lucide-react'
import { useMemo, useState } from 'react'
import { LineChart } from '@/components/charts/line-chart'
import { TimelineStrip } from '@/components/charts/timeline-strip'
import type { DataColumn, Sort } from '@/components/data-table/data-column'
import { DataTable } from '@/components/data-table/data-table'
import { SearchField } from '@/components/data-table/search-field'
import { OperationButton } from '@/components/operation/operation-button'
import { type OperationsClient, OperationsProvider } from '@/components/operation/operations-client'
import { ReasonField } from '@/components/operation/reason-field'
import { RunLedger } from '@/components/operation/run-ledger'
import { RunSummary } from '@/components/operation/run-summary'
import { AppShell } from '@/components/shell/app-shell'
import { PageHeader } from '@/components/shell/page-header'
import type { Freshness, NavSection } from '@/components/shell/shell-props'
import { Countdown } from '@/components/status/countdown'
import { FlashOnChange } from '@/components/status/flash-on-change'
import { KeyValue } from '@/components/status/key-value'
import { Meter } from '@/components/status/meter'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { Panel } from '@/components/status/panel'
import { PartBoundary } from '@/components/status/part-boundary'
import { RelativeTime } from '@/components/status/relative-time'
import { ShortNumber, Unknown } from '@/components/status/short-number'
import { Sparkline } from '@/components/status/sparkline'
import { type Status, StatusBadge, StatusMark } from '@/components/status/status-mark'
import { useNow } from '@/components/status/ticker'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Checkbox } from '@/components/ui/checkbox'
import { CopyButton } from '@/components/ui/copy-button'
import { EmptyState } from '@/components/ui/empty-state'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { SegmentedControl } from '@/components/ui/segmented-control'
import { Select } from '@/components/ui/select'
import { Sheet, SheetBody, SheetHeader } from '@/components/ui/sheet'
import { Switch } from '@/components/ui/switch'
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@/components/ui/tabs'
import type { OperationSummary, Preview, Run, RunItem } from '@/lib/console/operations/wire'

const nav: NavSection[] = [
  { items: [
    { id: 'overview', label: 'Overview', href: '/gallery', icon: <Activity />, shortcut: 'o', onPhone: true },
    { id: 'services', label: 'Services', href: '/gallery/s', icon: <Server />, shortcut: 's', onPhone: true, count: { value: 2, status: 'warning', label: 'want attention' } },
    { id: 'health', label: 'Health', href: '/gallery/h', icon: <HeartPulse />, shortcut: 'h', onPhone: true },
  ] },
  { label: 'Operate', items: [{ id: 'breakers', label: 'Breakers', href: '/gallery/b', icon: <Unplug />, shortcut: 'b', onPhone: true, count: { value: 1, status: 'bad', label: 'open' } }] },
  { label: 'Account for', items: [
    { id: 'running', label: 'Running', href: '/gallery/r', icon: <Clock />, shortcut: 'r', count: { value: 3, status: 'neutral', label: 'under way' } },
    { id: 'audit', label: 'Audit', href: '/gallery/a', icon: <ScrollText />, shortcut: 'a' },
  ] },
]

interface Row { name: string; state: 'closed' | 'open' | 'half' | 'unknown'; failures: number; calls: number; probe?: number; spark: (number | null)[]; service: string; forced?: string }
const words = { closed: ['good', 'Closed'], open: ['bad', 'Open'], half: ['warning', 'Half-open'], unknown: ['unknown', 'Unknown'] } as const
const longName = `payments-gateway.${'eu-central-1-availability-zone-b.'.repeat(5)}primary-acquirer-7`
function spark(seed: number) { return Array.from({ length: 24 }, (_, i) => (i > 8 && i < 11 && seed % 3 === 1 ? null : Math.abs(Math.sin(i * 0.4 + seed) * 20 + Math.cos(i * 1.7 + seed) * 8))) }
function rowsOf(count: number): Row[] {
  const base: Row[] = [
    { name: 'payments-api', state: 'open', failures: 23, calls: 25, probe: 12_000, spark: spark(1), service: 'checkout' },
    { name: 'mail-provider', state: 'half', failures: 2, calls: 11, probe: 0, spark: spark(2), service: 'notifications' },
    { name: 'catalog-db', state: 'closed', failures: 0, calls: 18_882, spark: spark(3), service: 'catalog', forced: 'closed' },
    { name: 'tax-service', state: 'unknown', failures: 0, calls: 0, spark: Array(24).fill(null), service: 'checkout' },
    { name: longName, state: 'closed', failures: 1, calls: 120, spark: spark(5), service: 'checkout' },
  ]
  return Array.from({ length: count }, (_, i) => base[i] ?? { name: `dependency-${i}`, state: 'closed', failures: i % 7, calls: 100 + i * 13, spark: spark(i), service: `service-${i % 9}` })
}

function columnsOf(now: number): DataColumn<Row>[] {
  return [
    { id: 'name', header: 'Dependency', cell: r => <MiddleTruncate text={r.name} />, sortValue: r => r.name },
    { id: 'state', header: 'State', width: 118, cell: r => <StatusBadge status={words[r.state][0]} quiet={r.state === 'closed'}>{words[r.state][1]}</StatusBadge>, sortValue: r => r.state },
    { id: 'failures', header: 'Failures against threshold', width: 250, hideBelow: 'wide', cell: r => r.state === 'unknown' ? <span className="text-muted">last heard 48 s ago</span> : <span className="flex items-center gap-2"><Meter label="Failures" value={r.failures} max={Math.min(r.calls, 25)} threshold={12} status={words[r.state][0]} /><FlashOnChange value={r.failures}>{r.failures} of <ShortNumber value={r.calls} /></FlashOnChange></span>, sortValue: r => r.failures },
    { id: 'spark', header: 'Last 5 min', width: 110, hideBelow: 'desk', cell: r => <Sparkline values={r.spark} label="Failures, last 5 minutes" tone={r.state === 'open' ? 'bad' : 'accent'} /> },
    { id: 'calls', header: 'Calls a min', width: 104, align: 'end', hideBelow: 'wide', cell: r => <ShortNumber value={r.state === 'unknown' ? undefined : r.calls} />, sortValue: r => (r.state === 'unknown' ? undefined : r.calls), firstSort: 'desc' },
    { id: 'probe', header: 'Probe', width: 76, align: 'end', cell: r => r.probe === undefined ? <Unknown why="none due" /> : <Countdown until={now + r.probe} /> },
  ]
}

const force: OperationSummary = { id: 'breaker.force', title: 'Force a breaker', risk: 'many', permission: 'breaker:force', needs: 'operator', allowed: true, targetKind: 'breaker' }
const release: OperationSummary = { ...force, id: 'breaker.release', title: 'Release', risk: 'one' }
const denied: OperationSummary = { ...force, id: 'breaker.reset', title: 'Reset', needs: 'admin', allowed: false }

function fakeClient(): OperationsClient {
  const preview: Preview = {
    token: 't', expiresAt: Date.now() + 300_000, summary: 'payments-api would be forced open in 12 processes for 15 min.', action: 'Force open in 12 processes',
    affected: { count: 12, precision: 'exact', noun: 'processes', sample: ['checkout-1', 'checkout-2', longName] },
    warnings: ['Checkout answers 503 while it is open: there is no fallback for payments-api.'], dependents: ['checkout', 'orders'], confirmation: 'typed',
    target: { kind: 'breaker', name: 'payments-api' }, reasonRequired: true, undo: { windowMs: 600_000 },
  }
  return {
    environment: 'production', production: true,
    preview: async ({ operation, input }) => {
      await new Promise(r => setTimeout(r, 200))
      if (operation === 'breaker.release') return { ok: true, value: { ...preview, confirmation: 'none', reasonRequired: false } }
      if ((input as { minutes?: string }).minutes === '') return { ok: false, error: { code: 'invalid', message: 'Some of this cannot be right.', fields: { minutes: 'Between 1 and 1,440 minutes.' } } }
      return { ok: true, value: preview }
    },
    run: async request => { await new Promise(r => setTimeout(r, 200)); return { ok: true, value: runOf('running', request.operation) } },
    watch: (id, onRun) => { const t = setTimeout(() => onRun(runOf('partial', id)), 900); return () => clearTimeout(t) },
    abort: async id => ({ ok: true, value: runOf('aborted', id) }),
    undo: async id => ({ ok: true, value: { ...runOf('succeeded', id), summary: 'Released in 12 processes.', undo: undefined } }),
  }
}
function runOf(status: Run['status'], id: string): Run {
  const one = id === 'breaker.release'
  const items: RunItem[] = Array.from({ length: 12 }, (_, i) => ({ key: i === 5 ? longName : `checkout-${i + 1}`, status: status === 'running' ? (i < 4 ? 'done' : 'pending') : i === 6 ? 'silent' : i === 8 ? 'refused' : 'done', message: status === 'running' ? undefined : i === 6 ? 'No answer within 5 s; last beat 48 s ago.' : i === 8 ? 'This process does not take the verb force.' : undefined }))
  const byStatus: Run['items']['byStatus'] = {}
  for (const item of items) byStatus[item.status] = (byStatus[item.status] ?? 0) + 1
  return { id, operation: 'breaker.force', title: 'Force a breaker', environment: 'production', target: { kind: 'breaker', name: 'payments-api' }, actor: { id: 'u', name: 'Robin Operator' }, via: 'console', status: one && status !== 'running' ? 'succeeded' : status, input: {}, reason: 'Provider asked us to stop calling', summary: status === 'running' ? 'Forcing payments-api open' : one ? 'payments-api was released in 12 processes.' : 'Forced open in 10 of 12 processes; no answer from checkout-7, refused by checkout-9.', progress: status === 'running' ? { done: 4, total: 12 } : undefined, items: { total: 12, byStatus, sample: items }, startedAt: Date.now() - 42_000, finishedAt: status === 'running' ? undefined : Date.now() - 40_000, abortable: true, undo: status === 'running' ? undefined : { until: Date.now() + 540_000 } }
}

export function Gallery({ view, open, now, env, fresh }: { view: string; open?: string; now: number; env: string; fresh: string }) {
  const client = useMemo(() => fakeClient(), [])
  const [freshness, setFreshness] = useState<Freshness>(fresh === 'live' ? { state: 'live' } : { state: fresh as 'stale', since: now - 131_000 })
  const kind = env === 'production' || env === 'demo' ? env : 'other'
  return (
    <OperationsProvider client={client}>
      <AppShell
        nav={nav} homeHref="/gallery" environment={{ name: env, kind, href: '#' }}
        environments={[{ name: env, kind, href: '#' }, { name: 'staging', kind: 'other', href: '#' }]}
        freshness={freshness} onPauseChange={p => setFreshness(p ? { state: 'paused', since: Date.now() } : { state: 'live' })}
        user={{ name: 'Robin Operator', email: 'robin@example.test', role: 'operator', signOut: "/sign-out" }} serverNow={now}
        palette={{ groups: [
          { id: 'services', label: 'Services', items: [{ id: 'checkout', label: 'checkout', detail: '2.14.0, 12 processes', href: '#', status: 'bad', icon: <Server /> }, { id: 'catalog', label: 'catalog', detail: '1.3.0', href: '#', icon: <Server /> }] },
          { id: 'breakers', label: 'Breakers', items: [{ id: 'payments', label: 'payments-api', detail: 'open', status: 'bad', href: '#', icon: <Unplug /> }] },
          { id: 'operations', label: 'Operations', items: [{ id: 'breaker.force', label: 'Force a breaker', icon: <Zap /> }, { id: 'x', label: 'Reset a breaker', icon: <Zap />, denied: 'needs the admin role' }] },
        ], onOperation: id => console.log(id) }}
      >
        {view === 'overview' ? <Overview open={open} now={now} /> : null}
        {view === 'table' ? <BigTable now={now} /> : null}
        {view === 'states' ? <States now={now} /> : null}
        {view === 'controls' ? <Controls /> : null}
      </AppShell>
    </OperationsProvider>
  )
}

function Attention({ status, children, note, action }: { status: Status; children: React.ReactNode; note: string; action: string }) {
  return (
    <li className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3 border-b border-line px-3.5 py-2.5 last:border-0 max-wide:grid-cols-[auto_minmax(0,1fr)] max-wide:items-start">
      <span className="flex h-5 items-center"><StatusMark status={status} label={status} /></span>
      <div className="min-w-0"><p>{children}</p><p className="text-md text-muted">{note}</p></div>
      <Button className="max-wide:col-start-2 max-wide:mt-2 max-wide:justify-self-start">{action}</Button>
    </li>
  )
}

function Overview({ open, now }: { open?: string; now: number }) {
  const [sort, setSort] = useState<Sort>({ column: 'state', direction: 'desc' })
  const [rows] = useState(() => rowsOf(5))
  const columns = useMemo(() => columnsOf(now), [now])
  const [isOpen, setOpen] = useState(open !== undefined)
  return (
    <>
      <PageHeader mark={<StatusBadge status="bad">Degraded</StatusBadge>} title="Payments are failing; checkout orders are backing up." note={<>Since <RelativeTime at={now - 360_000} as="clock" />, <RelativeTime at={now - 360_000} as="age" />. 2 things need someone, 1 is recovering by itself.</>} />
      <div className="grid items-start gap-4 desk:grid-cols-[minmax(0,1fr)_340px]">
        <div className="grid gap-4">
          <Panel title="Needs attention" note="ranked by effect on users">
            <ul>
              <Attention status="bad" note="23 of 25 calls failed in 30 s: ECONNREFUSED. Probe in 12 s. Runbook: payments outage." action="See breaker"><strong className="font-semibold">payments-api</strong> breaker is open in 2 of 2 checkout processes</Attention>
              <Attention status="warning" note="Depends on payments-api. 2 workers, both rejecting." action="Pause queue"><strong className="font-semibold">orders.capture</strong> waits 4 min 10 s, 1,204 jobs, growing by 180 a minute</Attention>
              <Attention status="unknown" note="Last beat 48 s ago, version 2.14.0 on host web-3." action="See process"><strong className="font-semibold">checkout-2</strong> went silent without a goodbye</Attention>
            </ul>
          </Panel>
          <Panel title="Breakers" note="5 dependencies, 9 processes" actions={<SearchField label="Filter breakers" value="" onChange={() => {}} className="max-wide:hidden" />}>
            <DataTable label="Breakers" rows={rows} rowKey={r => r.name} columns={columns} rowHref={r => `/gallery?open=${r.name}`} currentKey={isOpen ? 'payments-api' : undefined} sort={sort} onSortChange={setSort} secondary={r => `${r.failures} of ${r.calls} failed, ${r.service}`} />
          </Panel>
          <Panel title="Calls" note="payments-api, last hour" padded>
            <LineChart label="Failures a minute" series={[{ id: 'checkout', label: 'checkout' }, { id: 'orders', label: 'orders' }]} points={Array.from({ length: 60 }, (_, i) => ({ at: now - (60 - i) * 60_000, values: { checkout: i > 20 && i < 26 ? null : 20 + Math.sin(i / 4) * 12, orders: 8 + Math.cos(i / 6) * 6 } }))} thresholds={[{ value: 30, label: 'trips', tone: 'bad' }]} annotations={[{ at: now - 25 * 60_000, label: '2.14.0' }]} />
          </Panel>
        </div>
        <aside className="grid gap-4">
          <Panel title="What happened" padded>
            <TimelineStrip label="Last hour" from={now - 3_600_000} to={now} events={Array.from({ length: 14 }, (_, i) => ({ id: String(i), at: now - i * 240_000, label: `event ${i}`, status: (['bad', 'warning', undefined, 'good'] as const)[i % 4] }))} className="mb-3" />
            <ol className="grid gap-2 text-md">
              {['payments-api opened in checkout-1, checkout-2', 'checkout deployed 2.14.0 (was 2.13.2)', 'migration 0042_orders_index ran, 1.2 s'].map((t, i) => (
                <li key={t} className="grid grid-cols-[64px_minmax(0,1fr)]"><RelativeTime at={now - i * 61_000} as="clock" className="text-sm leading-5 text-faint" /><span>{t}</span></li>
              ))}
            </ol>
          </Panel>
        </aside>
      </div>
      <Sheet open={isOpen} onOpenChange={setOpen}>
        <SheetHeader title={<MiddleTruncate text="payments-api" />} description="checkout, 2 processes"><StatusBadge status="bad" className="mt-1">Open</StatusBadge></SheetHeader>
        <SheetBody className="grid content-start gap-4">
          <KeyValue facts={[{ label: 'Computed', value: <>open since <RelativeTime at={now - 360_000} as="clock" /></> }, { label: 'Forced', value: <span className="text-muted">no</span> }, { label: 'Effective', value: 'open in 2 of 2 processes' }, { label: 'Last failure', value: <code>ECONNREFUSED 10.2.0.7:443</code> }, { label: 'Next probe', value: <Countdown until={now + 74_000} /> }, { label: 'Process', value: <MiddleTruncate text={longName} /> }, { label: 'Owner', value: 'payments' }]} />
          <div className="flex flex-wrap gap-2">
            <OperationButton operation={force} input={{ state: 'open', minutes: '15', reason: '' }} label="Force…" variant="danger" subject="payments-api">
              {form => (
                <>
                  <SegmentedControl label="State" value={form.value.state} onChange={state => form.change({ state })} segments={[{ value: 'open', label: 'Open' }, { value: 'closed', label: 'Closed' }]} />
                  <Field label="For how many minutes" error={form.errors.minutes}>{c => <Input {...c} inputMode="numeric" value={form.value.minutes} onChange={e => form.change({ minutes: e.target.value })} />}</Field>
                  <ReasonField required value={form.value.reason} onChange={reason => form.change({ reason })} error={form.errors.reason} />
                </>
              )}
            </OperationButton>
            <OperationButton operation={release} input={{}} />
            <OperationButton operation={denied} input={{}} />
          </div>
        </SheetBody>
      </Sheet>
    </>
  )
}

function BigTable({ now }: { now: number }) {
  const [sort, setSort] = useState<Sort | undefined>()
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set(['payments-api']))
  const [rows] = useState(() => rowsOf(2_000))
  const columns = useMemo(() => columnsOf(now), [now])
  return (
    <>
      <PageHeader title="Breakers" note="2,000 dependencies in 40 services" actions={<SearchField label="Filter breakers" value="" onChange={() => {}} />} />
      <Panel title="By dependency" note={`${marked.size} marked`} actions={<Button disabled={marked.size === 0}>Reset {marked.size} breakers</Button>}>
        <DataTable label="Breakers" rows={rows} rowKey={r => r.name} columns={columns} rowHref={r => `/gallery?open=${r.name}`} sort={sort} onSortChange={setSort} marked={marked} onMarkedChange={setMarked} held={{ count: 12, onShow: () => {} }} secondary={r => `${r.failures} of ${r.calls} failed, ${r.service}`} />
      </Panel>
    </>
  )
}

function States({ now }: { now: number }) {
  const tick = useNow(3_000)
  return (
    <div className="grid gap-4">
      <PageHeader title="States" mark={<StatusBadge status="good">All well</StatusBadge>} note="12 services, 48 processes, nothing open." />
      <div className="flex flex-wrap gap-2">{(['good', 'warning', 'bad', 'unknown'] as const).map(s => <StatusBadge key={s} status={s} />)}<Badge>neutral</Badge><Badge tone="outline">outline</Badge><Badge tone="accent">accent</Badge></div>
      <Panel title="Redis main"><PartBoundary what="Redis main" part={{ status: 'down', reason: 'No answer within 3 s (connect ECONNREFUSED 127.0.0.1:6379).', since: now - 95_000, nextStep: 'Check that the server runs and that the console may reach it.' }} action={<Button>See health</Button>}>{() => null}</PartBoundary></Panel>
      <Panel title="Postgres"><PartBoundary what="Postgres" part={{ status: 'stale', data: 1, at: now - 42_000, since: now - 40_000, reason: 'The last reading took longer than 3 s.' }}>{() => <div className="p-3.5"><KeyValue facts={[{ label: 'Connections', value: <><ShortNumber value={12_431} /> of 100</> }, { label: 'State', value: <StatusBadge status="bad">Failing</StatusBadge> }, { label: 'Ticks', value: <FlashOnChange value={tick}>{tick}</FlashOnChange> }]} /></div>}</PartBoundary></Panel>
      <Panel title="Empty"><EmptyState title="No breaker has reported yet" code={"import { createFleet } from 'substation/fleet'\n\nconst fleet = await createFleet({ service: 'checkout', redis: 'redis://127.0.0.1:6379' })\nfleet.breakers(registry)"}>A service appears here as soon as it registers its breakers.</EmptyState></Panel>
      <div className="grid gap-4 desk:grid-cols-2">
        <Panel title="Run" padded><div className="grid gap-3"><RunSummary run={runOf('partial', 'x')} facts /><RunLedger items={runOf('partial', 'x').items} noun="processes" /></div></Panel>
        <Panel title="Under way" padded><div className="grid gap-3"><RunSummary run={runOf('running', 'x')} facts /><RunLedger items={runOf('running', 'x').items} noun="processes" /></div></Panel>
      </div>
    </div>
  )
}

function Controls() {
  const [seg, setSeg] = useState<'a' | 'b' | 'c'>('a')
  return (
    <div className="grid max-w-[640px] gap-4">
      <PageHeader title="Controls" />
      <div className="flex flex-wrap gap-2"><Button>Outline</Button><Button variant="primary">Primary</Button><Button variant="danger">Danger</Button><Button variant="danger-solid">Force open in 12</Button><Button variant="ghost">Ghost</Button><Button disabled>Disabled</Button><CopyButton value="x" label="Copy" /></div>
      <SegmentedControl label="Range" value={seg} onChange={setSeg} segments={[{ value: 'a', label: 'Last hour' }, { value: 'b', label: 'Day' }, { value: 'c', label: 'Week' }]} />
      <Field label="Minutes" error="Between 1 and 1,440." hint="Counted from now.">{c => <Input {...c} defaultValue="0" />}</Field>
      <Field label="Service">{c => <Select {...c} options={[{ value: 'a', label: 'checkout' }]} defaultValue="a" />}</Field>
      <div className="flex items-center gap-3"><Checkbox aria-label="a" defaultChecked /><Checkbox aria-label="b" checked="indeterminate" /><Checkbox aria-label="c" /><Switch aria-label="s" defaultChecked /><Switch aria-label="t" /></div>
      <Callout tone="warning" mark={<StatusMark status="warning" />} title="Queues live in a Redis that evicts">maxmemory-policy is allkeys-lru.</Callout>
      <Callout tone="bad" mark={<StatusMark status="bad" />} title="Could not">Try again.</Callout>
      <Tabs defaultValue="a"><TabsList><TabsTrigger value="a">Processes</TabsTrigger><TabsTrigger value="b">Transitions</TabsTrigger></TabsList><TabsContent value="a">One</TabsContent><TabsContent value="b">Two</TabsContent></Tabs>
    </div>
  )
}
