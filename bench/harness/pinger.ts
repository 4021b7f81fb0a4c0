import { setTimeout as rest } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { percentile } from './statistics.ts'

export interface Pings {
  p50: number
  p99: number
  max: number
  count: number
}

/** How long a Redis that does nothing is pinged (ms): its p99 is the machine's own. */
const IDLE_FOR = 3_000

/** Sends a PING every millisecond from this process, which does nothing else: this measures Redis, not the process that works it. */
export function openPinger(redisUrl: string) {
  const redis = new Redis(redisUrl)
  let pinging: { stop: boolean; times: number[]; ended: Promise<void> } | undefined

  async function ping(times: number[]) {
    while (!pinging?.stop) {
      const began = performance.now()
      await redis.ping()
      times.push(performance.now() - began)
      await rest(1)
    }
  }
  function start() {
    const times: number[] = []
    pinging = { stop: false, times, ended: Promise.resolve() }
    pinging.ended = ping(times)
  }
  async function stop(): Promise<Pings> {
    if (!pinging) throw new Error('pinging has not started')
    pinging.stop = true
    await pinging.ended
    const { times } = pinging
    return { p50: percentile(times, 50), p99: percentile(times, 99), max: Math.max(...times), count: times.length }
  }
  return {
    /** For a program to ask for. */
    answers: { ping: async () => start(), 'stop pinging': stop },
    async idle(): Promise<Pings> {
      start()
      await rest(IDLE_FOR)
      return stop()
    },
    close: () => redis.disconnect(),
  }
}
