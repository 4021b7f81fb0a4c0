import type { Redis } from 'ioredis'
import type { Announced, Bus, BusHandlers } from '../layers.ts'

/** Listens on one connection for all caches of the process. The connection is used for nothing else: ioredis allows no other commands there. */
export function redisBus(subscriber: Redis): Bus & { close(): void } {
  const listeners = new Map<string, Set<BusHandlers>>()
  const all = () => [...listeners.values()].flatMap(set => [...set])

  subscriber.on('message', (channel: string, line: string) => {
    const message = parse(line)
    for (const handlers of listeners.get(channel) ?? []) {
      if (message && 'where' in message) handlers.onMessage(message)
      else if (message) handlers.onReleased(message.released)
    }
  })
  // ioredis resubscribes after a reconnect, but does not say when that is done: so we subscribe again and wait for the answer.
  subscriber.on('ready', () => {
    for (const channel of listeners.keys()) void hear(channel)
  })
  subscriber.on('close', () => {
    for (const handlers of all()) handlers.onDisconnected()
  })
  // Without a listener ioredis prints to the console; `close` reports a lost connection.
  subscriber.on('error', () => undefined)

  async function hear(channel: string): Promise<void> {
    try {
      await subscriber.subscribe(channel)
    } catch {
      return
    }
    for (const handlers of listeners.get(channel) ?? []) handlers.onListening()
  }

  return {
    listen(namespace, handlers) {
      const channel = `{${namespace}}:bus`
      const set = listeners.get(channel) ?? new Set()
      listeners.set(channel, set.add(handlers))
      if (subscriber.status === 'ready') void hear(channel)
      return {
        stop() {
          set.delete(handlers)
          if (set.size > 0) return
          listeners.delete(channel)
          if (subscriber.status === 'ready') subscriber.unsubscribe(channel).catch(() => undefined)
        },
      }
    },
    close: () => subscriber.disconnect(),
  }
}

function parse(line: string): Announced | { released: string } | undefined {
  try {
    const message = JSON.parse(line) as Announced & { released?: unknown }
    if (typeof message.released === 'string') return { released: message.released }
    return typeof message.epoch === 'number' && typeof message.where?.by === 'string' ? message : undefined
  } catch {
    return undefined
  }
}
