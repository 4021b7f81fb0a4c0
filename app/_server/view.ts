import { headers } from 'next/headers'
import { notFound } from 'next/navigation'
import { RefusalError } from '@/lib/console/platform/refusal'
import type { AnyView, DataOf } from '@/lib/console/platform/view/define'
import type { Reading } from '@/lib/console/platform/view/read'
import { running } from './boot'
import { admitted } from './visitor'

type SearchParams = Record<string, string | string[] | undefined>

/** A view for a server component, as the visitor may see it. */
export async function readView<V extends AnyView>(
  view: V,
  environment: string,
  raw: SearchParams = {},
): Promise<Reading<DataOf<V>>> {
  const { console, metrics } = await running()
  const actor = await admitted(await currentPath(environment))
  const began = performance.now()
  const measure = (outcome: string) =>
    metrics.viewSeconds.observe((performance.now() - began) / 1000, { view: view.id, outcome })
  try {
    const reading = await console.view(view, environment, actor, raw)
    measure('read')
    return reading
  } catch (error) {
    measure('refused')
    if (error instanceof RefusalError && error.refusal.code === 'not_found') notFound()
    throw error
  }
}

/** The path asked for, as proxy.ts noted it: layouts and pages do not know it themselves. */
export async function currentPath(environment: string): Promise<string> {
  return (await headers()).get('x-substation-path') ?? `/${environment}`
}
