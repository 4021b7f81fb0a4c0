import type { Redis } from 'ioredis'
import type { ClientGroup } from './port.ts'
import { permitted } from './reading.ts'

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

/** BullMQ and pools number their connections or write base64 into the name; a pool is one line. */
const nameOf = (name: string) => name.replace(/[-:#]\d+$/, '')
