import { exactTarget } from '../../../../infrastructure/cache/index.ts'
import { ledgerOf } from '../../../fleet/process-answers.ts'
import { Commands } from '../../../fleet/resources.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import type { RunControl } from '../../../platform/operation/define.ts'
import type { CacheInstance } from '../collect.ts'
import type { Where } from '../where.ts'

/** The most processes named in one command; with more it goes to all, and those without the cache refuse it. */
const NAMED_AT_MOST = 2_000

/** Each process purges its memory of what is older than the epoch, and bars factories that began before it. */
export function commandInvalidation(
  environment: ConsoleEnvironment,
  { cache, where, epoch }: { cache: string; where: Where; epoch: number | undefined },
  holders: readonly CacheInstance[],
  control: RunControl,
) {
  const ids = holders.map(holder => holder.process)
  return environment.of(Commands).issue({
    id: control.runId,
    verb: 'cache.invalidate',
    scope: ids.length <= NAMED_AT_MOST ? { processes: ids } : { all: true },
    // Processes with an older library know tags, and not what they stand for.
    args: { cache, where: exactTarget(where), ...(epoch === undefined ? {} : { epoch }) },
    issuedBy: control.actor.name,
    expected: ids,
    signal: control.signal,
    onAnswer: ledgerOf(instanceNames(holders), control),
  })
}

export const instanceNames = (holders: readonly CacheInstance[]) =>
  new Map(holders.map(holder => [holder.process, holder.instance]))
