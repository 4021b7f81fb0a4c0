'use client'

import dynamic from 'next/dynamic'
import { useOperation } from '@/app/(console)/_frame/catalogue'
import { placesOf } from '@/app/(console)/_parts/holding/places'
import { OperationButton } from '@/components/operation/operation-button'
import type { CacheInstance } from '@/lib/console/areas/caches/collect'
import type { SwitchInput } from './switch-form'

const SwitchForm = dynamic(() => import('./switch-form').then(module => module.SwitchForm))

interface SwitchActsProps {
  cache: string
  instances: readonly CacheInstance[]
  switched: boolean
}

/** Off, read-only, and on again. */
export function SwitchActs({ cache, instances, switched }: SwitchActsProps) {
  const off = useOperation('cache.switch')
  const on = useOperation('cache.switch-on')
  const places = placesOf(instances.filter(({ silent }) => !silent))
  return (
    <>
      <OperationButton<SwitchInput>
        operation={off}
        input={{ cache, scope: { kind: 'fleet' }, mode: 'off', reason: '', minutes: 15 }}
        label="Switch off…"
        subject={cache}
      >
        {form => <SwitchForm form={form} places={places} />}
      </OperationButton>
      {switched ? (
        <OperationButton operation={on} input={{ cache, scope: { kind: 'fleet' } }} label="Switch on" subject={cache} />
      ) : null}
    </>
  )
}
