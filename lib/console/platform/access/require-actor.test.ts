import { expect, test } from 'vitest'
import { requireActor } from './require-actor.ts'

test('someone who lost their role is refused for that reason, not as signed out', () => {
  const denied = { status: 'denied', name: 'Ada', email: 'ada@example.com' } as const
  expect(() => requireActor(denied, { acts: true })).toThrow('ada@example.com has no role here. Nothing was done.')
  expect(() => requireActor({ status: 'anonymous' }, { acts: true })).toThrow(
    'You are not signed in. Nothing was done.',
  )
  expect(() => requireActor({ status: 'unavailable', reason: 'Postgres is down' }, { acts: false })).toThrow(
    'Your session cannot be checked: Postgres is down.',
  )
})
