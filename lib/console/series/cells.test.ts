import { expect, test } from 'vitest'
import { cells } from './cells.ts'
import { MOST_PROCESSES } from './names.ts'

test('increases of several processes are added up to a rate, and only what changed is written again', () => {
  const table = cells()
  table.increase(7, 'shop', 'requests', 30)
  table.increase(7, 'shop', 'requests', 20)
  table.increase(7, 'shop', 'seconds', 10, [4, 6])
  table.increase(7, 'shop', 'seconds', 10, [1, 9])
  expect(table.pending()).toMatchObject([
    { step: 7, series: 'requests', kind: 'rate', value: 5 },
    { step: 7, series: 'seconds', kind: 'spread', value: 2, spread: [5, 15] },
  ])
  table.written(8)
  expect(table.pending()).toEqual([])
  // A late reading is added to what was already written.
  table.increase(7, 'shop', 'requests', 10)
  expect(table.pending()).toMatchObject([{ step: 7, series: 'requests', value: 6 }])
})

test('of two measurements in one step the later one counts', () => {
  const table = cells()
  table.measure(3, 'shop', 'heap_bytes', 'gauge', 100)
  table.measure(3, 'shop', 'heap_bytes', 'gauge', 90)
  expect(table.pending()).toMatchObject([{ value: 90 }])
})

test('a measured spread is kept with its value, and not added to', () => {
  const table = cells()
  table.measure(3, 'postgres:shop', 'statement_duration_seconds', 'spread', 2, [1, 0])
  table.measure(3, 'postgres:shop', 'statement_duration_seconds', 'spread', 4, [0, 3])
  expect(table.pending()).toMatchObject([{ kind: 'spread', value: 4, spread: [0, 3] }])
})

test('a flood of labels is refused and counted, and takes no room from existing series', () => {
  const table = cells()
  table.measure(1, 'shop', 'processes', 'gauge', 2)
  for (let user = 0; user < 2_000; user++) table.increase(1, 'shop', `logins{user="${user}"}`, 1)
  table.measure(1, 'worker', 'processes', 'gauge', 1)
  table.measure(2, 'shop', 'processes', 'gauge', 2)
  expect(table.refused).toBe(2_000 - 799)
  expect(table.pending().filter(({ series }) => series === 'processes')).toHaveLength(3)
  expect(table.pending().filter(({ service }) => service === 'shop')).toHaveLength(801)
})

test('of hundreds of processes some are kept separately, which is no refusal; the others have room', () => {
  const table = cells()
  for (let process = 0; process < 300; process++) {
    table.increase(1, 'shop', 'requests', 10)
    for (const figure of ['requests', 'request_errors', 'request_seconds'])
      table.increase(1, 'shop', `process_${figure}{process="shop-${process}"}`, 10)
  }
  table.increase(1, 'shop', 'version_requests{version="2.0.0"}', 10)
  table.increase(1, 'till', 'process_requests{process="till-1"}', 10)
  table.increase(2, 'shop', 'process_requests{process="shop-3"}', 10)
  const of = (prefix: string) => table.pending().filter(({ series }) => series.startsWith(prefix))
  expect(new Set(of('process_').map(({ service, series }) => service + series)).size).toBe(3 * MOST_PROCESSES + 1)
  expect(of('requests')).toMatchObject([{ value: 300 }])
  expect(of('version_')).toHaveLength(1)
  expect(of('process_requests{process="shop-3"}')).toHaveLength(2)
  expect(table.refused).toBe(0)
})
