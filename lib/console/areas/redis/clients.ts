import type { Redis } from 'ioredis'
import type { ClientGroup } from '../../servers/redis/port.ts'
import { permitted } from '../../servers/redis/reading.ts'

const ADDRESSES = 5

/** Who is connected, by name, the most first. Undefined: the account may not ask. */
export async function clientsOf(redis: Redis): Promise<ClientGroup[] | undefined> {
  const { allowed, answer } = await permitted(redis, 'CLIENT LIST', [])
  if (!allowed) return undefined
  const clients = String(answer)
    .split('\n')
    .filter(Boolean)
    .map(line =>
      Object.fromEntries(line.split(' ').map(pair => [pair.split('=')[0], pair.slice(pair.indexOf('=') + 1)])),
    )
  return [...Map.groupBy(clients, client => nameOf(client.name ?? ''))]
    .map(([name, members]) => ({
      name,
      count: members.length,
      addresses: [...new Set(members.map(member => (member.addr ?? '').replace(/:\d+$/, '')))].slice(0, ADDRESSES),
      longestIdleSeconds: Math.max(...members.map(member => Number(member.idle ?? 0))),
    }))
    .sort((a, b) => b.count - a.count || a.name.localeCompare(b.name))
}

/** A pool, whose connections are numbered, is one line. BullMQ writes a queue's name in base64: `bull:b3JkZXJz`. */
function nameOf(name: string): string {
  const [, prefix, encoded, rest = ''] = /^([^:]+):([\w+/-]+={0,2})(:w(?::.*)?)?$/.exec(name) ?? []
  const queue = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString()
  const isEncoded = queue !== '' && Buffer.from(queue).toString('base64') === encoded && /^[\P{C}]+$/u.test(queue)
  return isEncoded ? `${prefix}: ${rest === '' ? '' : 'worker of '}${queue}` : name.replace(/[-:#]\d+$/, '')
}
