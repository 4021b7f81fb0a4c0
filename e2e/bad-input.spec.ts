import { registry } from '../lib/console/areas/index.ts'
import { APART, product } from './product/product.ts'
import { apiUrl, expect, test } from './product/test.ts'

const { operations, views } = registry

const LONG = 'x'.repeat(100_000)
const HOSTILE: unknown[] = [
  undefined,
  null,
  7,
  '',
  [],
  LONG.slice(0, 5_000),
  '\u0000',
  "'; drop table substation.audit_event; --",
  '{{7*7}}',
  '../../etc/passwd',
  '‮gnp.exe',
  { $gt: '' },
  { __proto__: { role: 'admin' } },
]

/** What every refusal looks like: a status of the client's making, a plain sentence, and no trace of the inside. */
async function expectRefused(answer: { status(): number; text(): Promise<string> }, where: string) {
  const text = await answer.text()
  expect(answer.status(), `${where}: ${text}`).toBeGreaterThanOrEqual(400)
  expect(answer.status(), `${where}: ${text}`).toBeLessThan(500)
  const { error } = JSON.parse(text) as { error: { message: string; code: string } }
  expect(error.message, where).toMatch(/^[A-Z“a-z].*\.$/s)
  expect(text, where).not.toMatch(/ZodError|at .*\.(ts|js):\d+|stack|postgres:\/\/|redis:\/\//)
  return error as { message: string; code: string; fields?: Record<string, string> }
}

for (const { id } of operations) {
  test(`${id} refuses bad input in plain words, and does nothing`, { tag: APART }, async ({ as }) => {
    // As an administrator: what refuses is the input, not the role. Apart, because no one else may act at the same time.
    const { api } = await as('admin')
    const before = await (await api.get(apiUrl('views/running'))).json()
    for (const input of HOSTILE) {
      for (const path of [`operations/${id}`, `operations/${id}/preview`])
        await expectRefused(
          await api.post(apiUrl(path), { data: { input } }),
          `${path} ${JSON.stringify(input)}`.slice(0, 200),
        )
    }
    const missing = await expectRefused(await api.post(apiUrl(`operations/${id}`), { data: { input: {} } }), id)
    expect(Object.keys(missing.fields ?? {}).length).toBeGreaterThan(0)
    const after = await (await api.get(apiUrl('views/running'))).json()
    expect(after.data.recent.data).toEqual(before.data.recent.data)
    const audit = await (await api.get(apiUrl(`views/audit?kind=refused&operation=${id}`))).json()
    expect(audit.data.audit.data.rows.length).toBeGreaterThan(0)
    expect(audit.data.audit.data.rows[0]).toMatchObject({ kind: 'refused', actor: { name: 'Admin' } })
  })
}

test('bodies that are no JSON object, too large, or from another site are refused', async ({ as }) => {
  const { api } = await as('operator')
  const url = apiUrl('operations/breaker.reset')
  const input = { breaker: 'payments-api', scope: { kind: 'fleet' } }
  await expectRefused(
    await api.post(url, { headers: { 'content-type': 'application/json' }, data: '{"input":' }),
    'broken JSON',
  )
  await expectRefused(await api.post(url, { headers: { 'content-type': 'application/json' }, data: '[]' }), 'array')
  await expectRefused(
    await api.post(url, { headers: { 'content-type': 'text/plain' }, data: JSON.stringify({ input }) }),
    'plain text',
  )
  await expectRefused(
    await api.post(url, { headers: { 'content-type': 'application/json' }, data: JSON.stringify({ input: LONG }) }),
    'too large',
  )
  const foreign = await expectRefused(
    await api.post(url, { headers: { origin: 'https://evil.test' }, data: { input } }),
    'another site',
  )
  expect(foreign.code).toBe('forbidden')
  await expectRefused(await api.post(url, { data: { input, token: 7 } }), 'token that is a number')
})

test('what does not exist is not found', async ({ as }) => {
  const { api } = await as('operator')
  for (const path of ['views/nothing', 'views/%00', 'runs/nothing', `runs/${"'".repeat(26)}`]) {
    const error = await expectRefused(await api.get(apiUrl(path)), path)
    expect(error.code, path).toBe('not_found')
  }
  const inAddress = await expectRefused(
    await api.get(apiUrl('views/database-query-rows?text=select')),
    'values in an address',
  )
  expect(inAddress.message).toContain('is asked by POST')
  for (const path of ['operations/rm', 'operations/__proto__', 'operations/constructor'])
    await expectRefused(await api.post(apiUrl(path), { data: { input: {} } }), path)
  await expectRefused(await api.get(`${product().url}/api/v1/nowhere/views/overview`), 'environment')
})

for (const view of views) {
  test(`view ${view.id} drops bad filters and says so`, async ({ as }) => {
    const { api } = await as('admin')
    for (const name of Object.keys(view.filters.shape)) {
      for (const value of ['\u0000', LONG.slice(0, 6_000), "' or 1=1 --", '-1', '{}', '%']) {
        const url = apiUrl(`views/${view.id}`)
        const answer = view.inBody
          ? await api.post(url, { data: { [name]: value } })
          : await api.get(`${url}?${new URLSearchParams({ [name]: value })}`)
        expect(answer.status(), `${view.id} ${name}`).toBe(200)
        const reading = await answer.json()
        for (const { filter, problem } of reading.dropped) expect([filter, problem.length > 0]).toEqual([name, true])
      }
    }
  })
}
