import { expect, test } from 'vitest'
import { asCode } from './as-code'

const content = (text: string) => ({ bytes: text.length, text })

test('a job becomes the call that adds one like it, without what is its own', () => {
  const options = content('{"attempts":3,"jobId":"7","delay":0,"backoff":{"type":"fixed","delay":5}}')
  const code = asCode({ name: 'say "hi"', data: content('{"a":[1]}'), options }) ?? ''
  const calls: unknown[][] = []
  new Function('queue', `return (async () => { ${code} })()`)({ add: (...args: unknown[]) => calls.push(args) })
  expect(calls).toEqual([['say "hi"', { a: [1] }, { attempts: 3, backoff: { type: 'fixed', delay: 5 } }]])
})

test('there is none of a payload that is cut, hidden or not JSON', () => {
  const options = content('{}')
  for (const data of [
    { ...content('{"a":'), cut: true },
    { ...content('{}'), redacted: true },
    content('no'),
    { bytes: 9 },
  ])
    expect(asCode({ name: 'x', data, options })).toBeUndefined()
})

test('a payload that is nested too deep to be written again has no code, and breaks nothing', () => {
  const text = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
  expect(
    asCode({ name: 'deep', data: { bytes: text.length, text }, options: { bytes: 2, text: '{}' } }),
  ).toBeUndefined()
})
