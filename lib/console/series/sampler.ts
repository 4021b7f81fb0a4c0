import type { Logger } from '../../infrastructure/logging/index.ts'
import type { FleetCollector, FleetSnapshot } from '../fleet/port.ts'
import type { SampleSource } from '../platform/samples.ts'
import type { Lead } from '../platform/store/port.ts'
import { cells } from './cells.ts'
import { deployNotes } from './deploys.ts'
import { countsOf, FIGURE_DOMAINS, gaugesOf } from './fleet-figures.ts'
import { type Count, increases } from './increases.ts'
import { keepPartitions } from './partitions.ts'
import { forgetNames, rollUp } from './rollup.ts'
import { MINUTE, STEP, stepOf } from './steps.ts'
import { sampleWriter } from './write.ts'

/** How soon a console notices that no one leads (ms). */
const CLAIM_EVERY = 2_000
/** Delay after the edge of a step, so that what processes read at it has arrived (ms). */
const PHASE = 3_000
const SOURCE_DEADLINE = 5_000
const KEEP_EVERY = 3_600_000

export interface Sampler {
  readonly leading: boolean
  /** Series that were refused, since this console leads. */
  readonly refused: number
  start(): void
  close(): Promise<void>
}

interface Options {
  environment: string
  fleet: FleetCollector
  lead: Lead
  /** Asked at each sampling, so that one may be added later. */
  sources: readonly SampleSource[]
  logger: Logger
  /** Figures were written. */
  onSampled(): void
  /** Figures can no longer be written; called once. */
  onFailed(): void
  /** Whether the tables are there. */
  ready(): boolean
}

/**
 * Samples one environment every ten seconds, whether anyone is looking or not. Of several consoles the leader does; the others ask
 * for the lead every two seconds. A new leader knows no earlier counts, so a change of leader is a gap and never a guess.
 */
export function sampler({ environment, fleet, lead, sources, logger, onSampled, onFailed, ready }: Options): Sampler {
  const table = cells()
  const counted = increases()
  const writer = sampleWriter(environment)
  const deploys = deployNotes(environment)
  let timer: NodeJS.Timeout | undefined
  let working: Promise<void> | undefined
  let closed = false
  let failing = false
  let leadSince: number | undefined
  let keptAt = Number.NEGATIVE_INFINITY
  let rolledUntil: number | undefined

  /** Forgets what this console knew as a leader: another one may have led since. */
  function begin(now: number) {
    table.clear()
    counted.clear()
    writer.forget()
    deploys.forget()
    leadSince = now
    keptAt = Number.NEGATIVE_INFINITY
    rolledUntil = undefined
  }

  async function turn() {
    if (!ready()) return
    try {
      const leads = await lead.claim()
      if (!leads) leadSince = undefined
      else if (leadSince === undefined) begin(Date.now())
      if (leads) await sample()
      failing = false
    } catch (error) {
      if (!failing) onFailed()
      failing = true
      // With the lead still held, the next turn writes what this one could not. Without it that is dropped: another console may have
      // led in between, so a new lead starts from scratch, and the time between is a gap.
      logger.debug('figures could not be sampled', { environment, error })
      writer.forget()
      if (!lead.held) leadSince = undefined
    }
  }

  async function sample() {
    const [reading] = await Promise.all([fleet.read(FIGURE_DOMAINS), ...sources.map(source => askSource(source))])
    const now = Date.now()
    const snapshot = reading.status === 'up' ? reading.data : undefined
    if (snapshot) takeFleet(snapshot, now)
    await lead.transaction(async tx => {
      if (now - keptAt > KEEP_EVERY) {
        await keepPartitions(tx, now)
        await forgetNames(tx, environment, now)
        keptAt = now
      }
      await writer.write(tx, table.pending(), now)
      if (snapshot) await deploys.note(tx, snapshot)
    })
    table.written(stepOf(now))
    if (rolledUntil === undefined || now - rolledUntil > MINUTE)
      rolledUntil = await lead.transaction(tx => rollUp(tx, environment, now, rolledUntil))
    onSampled()
  }

  function takeFleet(snapshot: FleetSnapshot, now: number) {
    for (const { service, series, kind, value } of gaugesOf(snapshot))
      table.measure(stepOf(now), service, series, kind, value)
    const ids = new Set(sources.map(({ name }) => name))
    for (const { id, service, reading } of countsOf(snapshot, leadSince ?? now)) {
      ids.add(id)
      counted.take(id, reading, (step, series, amount, buckets) =>
        table.increase(step, service, series, amount, buckets),
      )
    }
    counted.keep(ids)
  }

  /** A source that fails or hangs does not affect the others. */
  async function askSource(source: SampleSource) {
    try {
      const points = await source.sample(AbortSignal.timeout(SOURCE_DEADLINE))
      const at = Date.now()
      const counts = new Map<string, Count>()
      for (const { service, series, value, kind = 'gauge', spread } of points) {
        if (!Number.isFinite(value)) continue
        if (kind === 'counter') counts.set(`${service}\n${series}`, { total: value })
        else table.measure(stepOf(at), service, series, kind, value, spread)
      }
      counted.take(source.name, { at, counts, whole: true }, (step, key, amount) => {
        const [service = '', series = ''] = key.split('\n')
        table.increase(step, service, series, amount)
      })
    } catch (error) {
      logger.debug('a source of figures failed', { environment, source: source.name, error })
    }
  }

  function schedule() {
    if (closed) return
    clearTimeout(timer)
    const untilNext = STEP - ((Date.now() - PHASE) % STEP)
    timer = setTimeout(go, lead.held ? untilNext : Math.min(CLAIM_EVERY, untilNext)).unref()
  }

  function go() {
    working = turn().finally(schedule)
  }

  return {
    get leading() {
      return lead.held
    },
    get refused() {
      return table.refused
    },
    start: go,
    async close() {
      closed = true
      clearTimeout(timer)
      await working
      await lead.release()
    },
  }
}
