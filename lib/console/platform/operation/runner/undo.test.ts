import { expect, test } from 'vitest'
import { newId } from '../../../../core/ids.ts'
import { auditView } from '../../../areas/audit/views/audit.ts'
import { Commands } from '../../../fleet/resources.ts'
import {
  a,
  auditOf,
  b,
  console,
  environment,
  finished,
  force,
  inputOf,
  operator,
  refusalOf,
  settings,
} from '../../../testing/two-checkouts.ts'
import { undoLostAt } from '../../../testing/undo-lost-at.ts'

test('undo reverses a force, once', async () => {
  const run = await force.run(inputOf('open'))
  expect(run.undo?.until).toBeGreaterThan(Date.now())
  const undone = await finished(await console.runner.undo(operator, environment(), run.id))
  // At once, before any process has reported that it is forced: each is asked anyway, and has answered.
  expect(undone).toMatchObject({
    status: 'succeeded',
    undoOf: run.id,
    summary: 'Released payments on 2 of 2 processes.',
    items: { total: 2 },
  })
  expect([await a.call(), await b.call()]).toEqual(['called', 'called'])
  expect((await console.runner.find(operator, environment(), run.id)).status).toBe('undone')
  expect((await refusalOf(console.runner.undo(operator, environment(), run.id))).code).toBe('conflict')
  expect((await auditOf(run.id)).map(row => row.kind)).toEqual(['started', 'outcome', 'undo'])
})

test.each([
  ['begun', { status: 'failed', summary: expect.stringContaining('Nothing was done') }, 'succeeded', 'BREAKER_OPEN'],
  ['ran', { status: 'succeeded', summary: expect.stringContaining('Undid the act on payments') }, 'undone', 'called'],
] as const)(
  'the outcome of an undo whose console is lost when %s is that of the undo',
  async (step, undo, act, call) => {
    const { id: run } = await force.run(inputOf('open'))
    const found = await undoLostAt({ run, step, survivor: console, settings, actor: operator })
    expect(found).toMatchObject({ undo, act: { status: act } })
    expect(await a.call()).toBe(call)
  },
)

test('after a release a force can no longer be undone, and the refusal names what came after it', async () => {
  const run = await force.run(inputOf('open'))
  await force.release('payments')
  expect((await console.runner.find(operator, environment(), run.id)).undo).toBeUndefined()
  const refusal = await refusalOf(console.runner.undo(operator, environment(), run.id))
  expect(refusal).toMatchObject({ code: 'conflict', message: expect.stringContaining('“Release a breaker”') })
  expect((await console.runner.find(operator, environment(), run.id)).status).toBe('succeeded')
})

test('an undo is a row of its own in the audit, and the act that it undoes says so', async () => {
  const run = await force.run(inputOf('shadow'))
  const undone = await finished(await console.runner.undo(operator, environment(), run.id))
  const { audit } = (await console.view(auditView, environment(), operator, {})).data
  if (audit.status !== 'up') throw new Error('the audit was not read')
  const rowOf = (run: string) => audit.data.rows.find(row => row.run === run)
  expect(rowOf(undone.id)).toMatchObject({ title: 'Undo: Force a breaker', outcome: 'succeeded' })
  expect(rowOf(undone.id)?.reason).toContain('Undo of Force a breaker (payments)')
  expect(rowOf(run.id)).toMatchObject({ title: 'Force a breaker', outcome: 'undone' })
})

test('undo restores the override that was replaced', async () => {
  await force.run(inputOf('closed'))
  const second = await force.run(inputOf('open'))
  await finished(await console.runner.undo(operator, environment(), second.id))
  expect(a.breaker.report().forced?.state).toBe('closed')
})

test('an undo that fails can be tried again', async () => {
  const run = await force.run(inputOf('open'))
  // It has ended without an act of the console, so there is nothing to undo.
  const commander = console.environment(environment())?.of(Commands)
  await commander?.issue({
    id: newId(),
    verb: 'breaker.release',
    scope: { all: true },
    args: { breaker: 'payments' },
    issuedBy: 'a test',
    expected: [a.member.id, b.member.id],
    overrides: { remove: [run.id] },
    signal: new AbortController().signal,
    onAnswer: async () => {},
  })
  const failed = await finished(await console.runner.undo(operator, environment(), run.id))
  expect(failed.status).toBe('failed')
  expect((await console.runner.find(operator, environment(), run.id)).undo).toBeDefined()
  expect((await refusalOf(console.runner.undo(operator, environment(), 'nothing'))).code).toBe('not_found')
})
