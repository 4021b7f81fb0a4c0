import Keyv from 'keyv'
import { expect } from 'vitest'
import { adoptKeyv, createCacheRegistry } from '../cache/index.ts'
import { createQueues } from '../queue/index.ts'
import { createFailover, createPolicyRegistry } from '../resilience/index.ts'
import { fleetTest as test } from '../testing/fleet-test.ts'

const lasting = { override: 'o-1', reason: 'a test', expiresAt: undefined }

test('what a process does not have, or does not have in force, is refused in plain words', async ({
  fleetProcess,
  command,
}) => {
  const policies = createPolicyRegistry()
  policies.declare({ name: 'tax', bulkhead: { maxConcurrent: 2 } })
  policies.declare({ name: 'mail', timeoutMs: 100 })
  const email = createFailover({ name: 'email', providers: [{ name: 'main', port: {}, policy: policies.get('mail') }] })
  const caches = createCacheRegistry()
  caches.adopt(adoptKeyv(new Keyv(), { name: 'theirs' }))
  await caches.create({ name: 'catalog' })
  const workers = await createQueues({})
  const { member } = fleetProcess({ policies, providers: [email], caches, workers })
  await member.start()
  const NOT_IN_FORCE = 'that override is not in force here'
  for (const [verb, args, reason] of [
    ['breaker.release', { breaker: 'payments' }, NOT_IN_FORCE],
    ['breaker.restore-policy', { breaker: 'payments' }, NOT_IN_FORCE],
    ['policy.restore-limits', { policy: 'tax' }, NOT_IN_FORCE],
    ['provider.release', { set: 'email' }, NOT_IN_FORCE],
    ['provider.release', { set: 'sms' }, 'there are no providers of sms in this process'],
    [
      'worker.ignore-dependencies',
      { queue: 'mail', ...lasting },
      'no worker of mail in this process depends on a breaker',
    ],
    ['worker.mind-dependencies', { queue: 'mail' }, NOT_IN_FORCE],
    [
      'cache.switch',
      { cache: 'theirs', mode: 'off', ...lasting },
      'the cache theirs of this process cannot be switched',
    ],
    ['cache.switch-on', { cache: 'theirs' }, NOT_IN_FORCE],
    ['cache.switch-on', { cache: 'catalog' }, NOT_IN_FORCE],
    ['cache.warm', { cache: 'theirs' }, 'the cache theirs of this process cannot be warmed'],
    ['cache.peek', { cache: 'theirs', key: 'a', salt: 's' }, 'the cache theirs of this process cannot be looked into'],
  ] as const)
    expect(await command(verb, args, { to: member }), verb).toMatchObject({ status: 'refused', reason })
  await Promise.all([workers.close(), caches.close()])
  policies.close()
})
