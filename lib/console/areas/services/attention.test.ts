import { expect, test } from 'vitest'
import { newId } from '../../../core/ids.ts'
import type { FleetProcess } from '../../fleet/port.ts'
import { ofProcesses } from './attention.ts'

const living = (more: Partial<FleetProcess>): FleetProcess => ({
  id: newId(),
  state: 'up',
  service: 'shop',
  instance: 'shop-1',
  lastBeatAt: 0,
  silentFor: 0,
  details: new Map(),
  ...more,
})

function sentences(...processes: FleetProcess[]): string[] {
  const items = ofProcesses({ redisNow: 0, skew: 0, processes })
  return items.map(({ subject, text }) => `${subject} ${text}`)
}

test('one process is in the singular', () => {
  expect(sentences(living({ skew: 2_000 }))).toEqual(['1 process has a clock more than a second off'])
  expect(sentences(living({ unsupported: 9 }))).toEqual(['1 process speaks a protocol newer than this console'])
  expect(sentences(living({ skew: 2_000 }), living({ skew: 3_000 }))).toEqual([
    '2 processes have clocks more than a second off',
  ])
})
