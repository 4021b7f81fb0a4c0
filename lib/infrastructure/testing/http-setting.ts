import { afterEach, beforeEach } from 'vitest'
import { createHttpClient, type HttpClient, type HttpClientOptions, type HttpError } from '../http/index.ts'
import { createPolicyRegistry, type Policy, type PolicyOptions } from '../resilience/index.ts'
import { answerJson, type LocalService, startLocalService } from './local-service.ts'

type Way = Parameters<LocalService['answer']>[0]

/** A service on this machine and clients of it, new for each test. */
export function httpSetting() {
  const open: { close(): unknown }[] = []
  let service: LocalService
  beforeEach(async () => {
    service = await startLocalService(ok)
  })
  afterEach(async () => {
    for (const each of open.splice(0)) await each.close()
    await service.close()
  })
  return {
    get service() {
      return service
    },
    closing<T extends { close(): unknown }>(each: T): T {
      open.push(each)
      return each
    },
    async clientOf(options: Partial<HttpClientOptions> = {}): Promise<HttpClient> {
      const defaults = { name: 'shop', baseUrl: `${service.url}/v1`, allowPrivate: true }
      const client = await createHttpClient({ ...defaults, ...options })
      open.push(client)
      return client
    },
    policyOf(options: Partial<PolicyOptions> = {}): Policy {
      const policies = createPolicyRegistry()
      open.push(policies)
      policies.declare({ name: 'shop', retry: { attempts: 3, initialDelayMs: 1, maxDelayMs: 1 }, ...options })
      return policies.get('shop')
    },
    /** Answers the first requests in these ways, and later ones with 200. */
    first(...ways: Way[]) {
      service.answer((request, response, raw) => (ways.shift() ?? ok)(request, response, raw))
    },
  }
}

const ok: Way = (_request, response) => answerJson(response, 200, { ok: true })

export const answering =
  (status: number, body: unknown = {}, headers?: Record<string, string>): Way =>
  (_request, response) =>
    answerJson(response, status, body, headers)

export const reset: Way = (_request, _response, raw) => raw.socket.resetAndDestroy()

export const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    error => error as HttpError,
  )
