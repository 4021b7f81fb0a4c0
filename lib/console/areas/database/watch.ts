import { defineResource } from '../../platform/environment/resource.ts'

/** How often a page that shows activity is told to ask again, and for how long after it last did (ms). */
const EVERY = 2_000
const LOOKED_FOR = 10_000

/** Announces that activity has changed, which it always has, for as long as someone looks at it. */
export const ActivityWatch = defineResource<{ looked(): void }>('database-activity', ({ name, hub }) => {
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
        if (performance.now() - lookedAt < LOOKED_FOR) hub.announce(name, ['database'])
      }, EVERY).unref()
    },
    close: () => clearInterval(timer),
  }
})
