import { createServer } from 'node:net'

/** A free port on loopback: the preferred one, else the next free one after it (0: any port). */
export async function freePort(preferred = 0): Promise<number> {
  for (let port = preferred; port <= 65_535; port++) {
    const found = await tryListen(port)
    if (found !== undefined) return found
    if (port === 0) break
  }
  throw new Error(`No free port on 127.0.0.1 from ${preferred} upwards`)
}

function tryListen(port: number): Promise<number | undefined> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      const found = typeof address === 'object' && address ? address.port : undefined
      server.close(() => resolve(found))
    })
  })
}
