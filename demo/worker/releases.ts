import type { FleetMember } from 'substation/fleet'

/** When the first release after the start comes, and how long each is in use. */
const FIRST = 6 * 60_000
const EVERY = 30 * 60_000

export interface Release {
  /** How many came before it since the start. */
  number: number
}

/** Which release runs; others read it while it changes. */
export const firstRelease = (): Release => ({ number: 0 })

/** `0.1.0`, `0.1.1`, … */
export function versionOf(version: string | undefined, { number }: Release): string {
  const [, before, patch] = /^(.*?)(\d+)$/.exec(version ?? '1.0.0') ?? ['', '1.0.', '0']
  return `${before}${Number(patch) + number}`
}

/**
 * Releases a new version on a schedule, as a deploy would: the member of the fleet leaves, and another one with the next version joins. Every
 * second one reads far more than it should (reminders.ts), and the one after puts it right.
 */
export function releases(release: Release, join: () => FleetMember, enabled: boolean) {
  let member = join()
  let timer: NodeJS.Timeout | undefined
  let working: Promise<void> = Promise.resolve()

  async function deploy() {
    await member.stop()
    release.number++
    member = join()
    await member.start()
  }
  const wait = (ms: number) => {
    timer = setTimeout(() => {
      working = deploy().finally(() => wait(EVERY))
    }, ms)
  }
  return {
    async start() {
      await member.start()
      if (enabled) wait(FIRST)
    },
    async stop() {
      clearTimeout(timer)
      await working
      clearTimeout(timer)
      await member.stop()
    },
  }
}

/** Of how many days a release reads visits. */
export const daysOf = ({ number }: Release) => (number % 2 === 1 ? 30 : 1)
