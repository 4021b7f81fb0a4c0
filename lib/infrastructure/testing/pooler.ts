import { createServer, connect as dial } from 'node:net'

/** Stands in for a pooler before a Postgres: as PgBouncer does, it gives clients a key of its own for cancelling. */
export async function startPooler(url: string): Promise<{ url: string; close(): void }> {
  const { hostname, port } = new URL(url)
  const pooler = createServer(client => {
    const server = dial(Number(port), hostname)
    client.pipe(server)
    server.on('data', chunk => client.write(withOtherKey(chunk)))
    for (const socket of [client, server])
      socket.on('error', () => client.destroy()).on('close', () => client.destroy())
  })
  await new Promise<void>(resolve => pooler.listen(0, '127.0.0.1', resolve))
  const address = pooler.address()
  const pooled = new URL(url)
  pooled.port = String(typeof address === 'object' && address ? address.port : 0)
  return { url: pooled.href, close: () => void pooler.close() }
}

/** BackendKeyData is `K`, a length of 12, the pid and a secret. */
function withOtherKey(chunk: Buffer): Buffer {
  const at = chunk.indexOf(Buffer.from([0x4b, 0, 0, 0, 12]))
  if (at < 0) return chunk
  const changed = Buffer.from(chunk)
  changed.writeUInt32BE(1_234_567_890, at + 5)
  return changed
}
