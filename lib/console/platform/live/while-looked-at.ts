import { defineResource } from '../environment/resource.ts'
import type { Topic } from './hub.ts'

/** For how long after a page last asked it is told to ask again (ms). */
const LOOKED_FOR = 10_000

/**
 * Announces a topic every so often (ms), for as long as someone looks: for what changes on a server that tells of no change. Views call `looked`.
 */
export function whileLookedAt(id: string, topic: Topic, everyMs: number) {
  return defineResource<{ looked(): void }>(id, ({ name, hub }) => {
    let timer: NodeJS.Timeout | undefined
    let lookedAt = Number.NEGATIVE_INFINITY
    return {
      value: {
        looked() {
          lookedAt = performance.now()
        },
      },
      start() {
        timer = setInterval(() => {
          if (performance.now() - lookedAt < LOOKED_FOR) hub.announce(name, [topic])
        }, everyMs).unref()
      },
      close: () => clearInterval(timer),
    }
  })
}
