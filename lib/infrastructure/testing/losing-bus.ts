import { type AddressInfo, connect, createServer } from 'node:net'

/** A proxy to Redis that, from `lose` on, drops what is sent to subscribers; everything else passes. */
export async function busThatLoses(redisUrl: string): Promise<{ url: string; lose(): void; close(): Promise<void> }> {
  const { hostname, port } = new URL(redisUrl)
  let losing = false
  const server = createServer(client => {
    let subscribed = false
    const upstream = connect(Number(port), hostname)
    client.on('data', (data: Buffer) => {
      subscribed ||= /subscribe/i.test(data.toString('latin1'))
      upstream.write(data)
    })
    upstream.on('data', data => void (subscribed && losing ? undefined : client.write(data)))
    for (const [one, two] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.on('error', () => two.destroy())
      one.on('close', () => two.destroy())
    }
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lose() {
      losing = true
    },
    /** Resolves when all connections through it are closed. */
    close: () => new Promise<void>(done => void server.close(() => done())),
  }
}
