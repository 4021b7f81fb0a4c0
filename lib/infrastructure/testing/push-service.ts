import { createECDH, createPublicKey, randomBytes, verify } from 'node:crypto'
import { createRequire } from 'node:module'
import type { WebPushSubscription } from '../notifications/index.ts'
import type { VendorRequest } from './email/vendor-server.ts'
import { startVendorServer } from './vendor-server.ts'

// It has no types.
const ece = createRequire(import.meta.url)('http_ece') as {
  decrypt(body: Buffer, options: { version: 'aes128gcm'; privateKey: object; authSecret: string }): Buffer
}

interface Pushed {
  target: string
  text: string
  payload: Record<string, unknown>
  ttl: string | undefined
  topic: string | undefined
}

/** A push service as of a browser (RFC 8030), with the browser's side too: it decrypts (RFC 8291) and verifies the sender (RFC 8292). */
export async function startPushService({ vapidPublicKey }: { vapidPublicKey: string }) {
  const pushed: Pushed[] = []
  const browsers = new Map<string, { ecdh: ReturnType<typeof createECDH>; auth: string }>()
  const server = await startVendorServer(
    request => {
      const refusal = refusalOf(request, server.url, vapidPublicKey)
      if (refusal) return { status: 401, body: refusal }
      const browser = browsers.get(request.path)
      if (!browser) return { status: 410, body: 'push subscription has unsubscribed or expired.' }
      const { ecdh: privateKey, auth: authSecret } = browser
      const text = ece.decrypt(request.body, { version: 'aes128gcm', privateKey, authSecret }).toString()
      const payload = JSON.parse(text) as Record<string, unknown>
      pushed.push({
        target: server.url + request.path,
        text: String(payload.text),
        payload,
        ttl: request.headers.ttl as string | undefined,
        topic: request.headers.topic as string | undefined,
      })
      return { status: 201, headers: { location: `${server.url}/message/${pushed.length}` } }
    },
    { secure: true },
  )
  return {
    server,
    pushed,
    /** As a browser that lets this site notify it. */
    subscribe(): WebPushSubscription {
      const ecdh = createECDH('prime256v1')
      const auth = randomBytes(16).toString('base64url')
      const path = `/push/${randomBytes(8).toString('hex')}`
      const p256dh = ecdh.generateKeys('base64url')
      browsers.set(path, { ecdh, auth })
      return { endpoint: server.url + path, keys: { p256dh, auth } }
    },
    unsubscribe: ({ endpoint }: WebPushSubscription) => browsers.delete(new URL(endpoint).pathname),
  }
}

function refusalOf({ headers }: VendorRequest, origin: string, vapidPublicKey: string): string | undefined {
  const [, token = '', key = ''] = /^vapid t=([^,]+), ?k=(.+)$/.exec(headers.authorization ?? '') ?? []
  if (key !== vapidPublicKey) return 'the key is not the one that was subscribed with'
  const [head = '', claims = '', signature = ''] = token.split('.')
  const point = Buffer.from(key, 'base64url')
  const [x, y] = [point.subarray(1, 33).toString('base64url'), point.subarray(33).toString('base64url')]
  const signer = createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x, y } })
  const signed = Buffer.from(`${head}.${claims}`)
  const dsa = { key: signer, dsaEncoding: 'ieee-p1363' as const }
  if (!verify('sha256', signed, dsa, Buffer.from(signature, 'base64url'))) return 'the signature is wrong'
  const { aud, exp, sub } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>
  const now = Date.now() / 1_000
  if (aud !== origin || Number(exp) < now || Number(exp) > now + 86_400 || !/^(mailto|https):/.test(String(sub)))
    return 'the claims are wrong'
  return undefined
}
