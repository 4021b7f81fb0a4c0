import type { ConsoleEnvironment } from '../../platform/environment/port.ts'
import type { Affected } from '../../platform/operation/wire.ts'
import { Series } from '../../series/resource.ts'
import { CACHES, callsSeries, hitRatioSeries } from './hit-ratios.ts'
import type { Where } from './where.ts'

interface Asked {
  cache: string
  where: Where
  affected: Affected
  /** Share of lookups answered since its processes started, for when nothing was sampled lately. */
  ratio: number | undefined
  /** For how long, where it is not until the cache has filled again. */
  until?: string
  /** Only some of the cache's processes. */
  inSome?: boolean
}

/** In words, and where it is known, lookups a second. */
export interface OriginLoad {
  words: string[]
  perSecond?: number
}

/**
 * What an act sends to the origin: lookups a second that are answered now and will miss. An upper bound for a
 * part of the cache or of its processes, since it is not known which entries are asked for most.
 */
export async function originLoad(environment: ConsoleEnvironment, asked: Asked): Promise<OriginLoad> {
  const { cache, where, affected, ratio, inSome = false, until } = asked
  if (where.by === 'key' || affected.count === 0) return { words: [] }
  const keys = [callsSeries(cache), hitRatioSeries(cache, 'any')].map(series => ({ service: CACHES, series }))
  const found = await environment.of(Series).recent(keys, { points: 6, step: 10_000 })
  const newest = (series: string) =>
    found.status === 'down'
      ? undefined
      : found.data.find(one => one.series === series)?.values.findLast(value => value !== null)
  const calls = newest(callsSeries(cache))
  const answered = newest(hitRatioSeries(cache, 'any')) ?? ratio
  if (answered === undefined) return { words: [] }
  return {
    words: [originWords(answered, calls, { isPart: inSome || where.by !== 'all', until })],
    ...(calls === undefined ? {} : { perSecond: calls * answered }),
  }
}

export function originWords(
  answered: number,
  calls: number | undefined,
  { isPart, until = 'it has filled again' }: { isPart: boolean; until?: string | undefined },
): string {
  const share = `It answers ${(answered * 100).toFixed(1)} % of lookups.`
  if (calls === undefined) return `${share} Until ${until}, those go to the origin.`
  return `${share} Until ${until}, ${isPart ? 'up to' : 'about'} ${rateWords(calls * answered)} more than now go to the origin.`
}

const rateWords = (perSecond: number) =>
  perSecond >= 1
    ? `${perSecond.toLocaleString('en', { maximumFractionDigits: perSecond < 10 ? 1 : 0 })} lookups a second`
    : `${(perSecond * 60).toLocaleString('en', { maximumFractionDigits: 1 })} lookups a minute`
